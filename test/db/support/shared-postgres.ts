import { inject } from 'vitest';
import { Databases, type Place } from './postgres.js';

let shared: Promise<Databases> | null = null;

/** The server that all test processes of a run share; see `keep-postgres.ts`. */
export function sharedPostgres(): Promise<Databases> {
  shared ??= ask().then((place) => new Databases(place));
  return shared;
}

async function ask(): Promise<Place> {
  const answer = await fetch(inject('sharedPostgres'));
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as Place;
}
