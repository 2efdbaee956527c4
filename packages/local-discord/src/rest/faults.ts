export const FAULT_KINDS = [
  '429-user',
  '429-shared',
  '429-global',
  '429-page',
  'exhausted',
  '5xx',
  'page',
  '5xx-after-commit',
  'slow',
  'slow-after-commit',
  'reset',
  'reset-after-commit',
] as const;

type FaultKind = (typeof FAULT_KINDS)[number];

export interface FaultOrder {
  /** Prefix or regular expression over `METHOD /path`; empty: every request. */
  route?: string | undefined;
  kind: FaultKind;
  times?: number | undefined;
  /** How long the slow ones wait. */
  ms?: number | undefined;
  /** Seconds, for the rate-limit ones. */
  retry_after?: number | undefined;
  /** Of the page. */
  status?: number | undefined;
}

/** One armed fault and how often it struck. */
export interface Fault {
  route: string;
  kind: FaultKind;
  left: number;
  fired: number;
  ms: number;
  retryAfter: number;
  status: number;
}

const DEFAULT_SLOW_MS = 1_000;
const DEFAULT_RETRY_AFTER_S = 0.2;

/** The faults that are armed. Each request meets at most one, the first that matches. */
export class Faults {
  private armed: Fault[] = [];

  arm(order: FaultOrder): void {
    this.armed.push({
      route: order.route ?? '',
      kind: order.kind,
      left: order.times ?? 1,
      fired: 0,
      ms: order.ms ?? DEFAULT_SLOW_MS,
      retryAfter: order.retry_after ?? DEFAULT_RETRY_AFTER_S,
      status: order.status ?? 503,
    });
  }

  clear(): void {
    this.armed = [];
  }

  list(): readonly Fault[] {
    return this.armed;
  }

  /** The fault this request meets, used up by one, or null. */
  take(method: string, path: string): Fault | null {
    const line = `${method} ${path}`;
    const fault = this.armed.find((candidate) => candidate.left > 0 && matches(candidate.route, line));
    if (!fault) return null;
    fault.left -= 1;
    fault.fired += 1;
    return fault;
  }
}

function matches(route: string, line: string): boolean {
  return line.startsWith(route) || new RegExp(route).test(line);
}
