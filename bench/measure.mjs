// Statistics and their print. Ratios are what counts; the milliseconds belong to the machine.
import { readFileSync } from 'node:fs';

/** Looks again until something truthy comes back. */
export async function until(look, pauseMs = 5, limitMs = 120_000) {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > deadline) throw new Error(`waited ${limitMs} ms for ${look}`);
    await pause(pauseMs);
  }
}

export function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export async function timed(work) {
  const began = performance.now();
  await (await work()).text();
  return performance.now() - began;
}

export function residentMb({ pid }) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

/** With the processes it has begun. */
export function familyMb({ pid }) {
  const begun = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return begun.reduce((sum, child) => sum + familyMb({ pid: child }), residentMb({ pid }));
}

/** Processor time a process has used, in milliseconds. */
export function processorMs({ pid }) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return ticks * 10;
}

/** So little in half a second, so many times in a row, is nothing to do. */
const QUIET_MS = 50;
const QUIET_LOOKS = 8;

/** Waits until a process hardly works any more; what it does at its start (account, market days, zone data) is over. */
export async function settled(child, meanwhile = async () => {}) {
  let quiet = 0;
  let before = processorMs(child);
  await until(
    async () => {
      await meanwhile();
      const now = processorMs(child);
      quiet = now - before <= QUIET_MS ? quiet + 1 : 0;
      before = now;
      return quiet >= QUIET_LOOKS;
    },
    500,
    300_000,
  );
}

export function percentile(percent, values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
}

export function median(values) {
  return percentile(50, values);
}

const WIDTH = 64;

/** One line: ours beside theirs, their ratio, and whether it meets its target if it has one. */
export function compare(what, ours, theirs, unit, target) {
  const ratio = ours / theirs;
  const judged = target === undefined ? '' : `   target ${target}x: ${ratio <= target ? 'met' : 'MISSED'}`;
  const numbers = `${ours.toFixed(1).padStart(8)} ${unit}   vs ${theirs.toFixed(1).padStart(8)} ${unit}`;
  console.log(`${what.padEnd(WIDTH)} ${numbers}   ${ratio.toFixed(2)}x${judged}`);
}

/** One line about ours alone. */
export function tell(what, measured, unit) {
  console.log(`${what.padEnd(WIDTH)} ${measured.toFixed(1).padStart(8)} ${unit}`);
}

export function verdict(what, met, measured) {
  console.log(`${what.padEnd(WIDTH)} ${measured}   ${met ? 'met' : 'MISSED'}`);
}
