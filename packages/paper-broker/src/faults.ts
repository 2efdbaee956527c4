/** What can go wrong on the way of a request; each hits requests that match its route. */
type RequestFaultKind =
  /** The request waits `ms` before it is carried out. */
  | 'latency'
  /** Carried out at once, answered `ms` later. */
  | 'slow-answer'
  /** Answered with `status` and `code`; nothing is carried out. */
  | 'status'
  /** Carried out, then answered with `status` as if it had failed. */
  | 'error-after-commit'
  /** Carried out, never answered. */
  | 'hang-after-commit'
  /** Neither carried out nor answered. */
  | 'hang-before-commit'
  /** The connection is cut before anything is carried out. */
  | 'drop-before-commit'
  /** Carried out, then the connection is cut. */
  | 'drop-after-commit'
  /** Carried out, then answered 200 with a page of HTML, as a proxy might. */
  | 'garbage'
  /** No market data, as in the broker's sandbox: an empty list, or 404 with `status` 404. */
  | 'no-market-data';

/** What can go wrong, or just otherwise, at the venue; each hits one order at a time. */
export type VenueFaultKind =
  /** The order is rejected after routing, with `reason`. */
  | 'venue-reject'
  /** Its fill comes `ms` later than the market crossed it. */
  | 'late-fill'
  /** It fills in `parts`, `ms` apart. */
  | 'split-fill'
  /** The legs of its complete fill arrive `ms` apart. */
  | 'slow-legs'
  /** It fills as its cancel is about to take effect. */
  | 'beat-cancel';

/** What can happen to what the account streamer tells; each hits one frame at a time. */
type FrameFaultKind =
  /** It never comes. */
  | 'lost-frame'
  /** It comes twice. */
  | 'twice-frame'
  /** It comes `ms` later, and so after those that followed it. */
  | 'late-frame';

export type FaultKind = RequestFaultKind | VenueFaultKind | FrameFaultKind;

export interface Fault {
  id: number;
  kind: FaultKind;
  /** Only requests of this method; any if absent. */
  method?: string | undefined;
  /** Only requests whose path (without query) matches this regular expression; any if absent. */
  path?: string | undefined;
  /** Matches to let pass first: 1 hits the second. */
  skip: number;
  /** Hits left; null for no end. */
  times: number | null;
  ms: number;
  status: number;
  code: string;
  reason: string;
  parts: number;
}

/** A fault as asked for; what is left out has the defaults of {@link Faults.add}. */
export type NewFault = Pick<Fault, 'kind'> & {
  [Name in keyof Omit<Fault, 'id' | 'kind'>]?: Fault[Name] | undefined;
};

const VENUE_KINDS: readonly FaultKind[] = [
  'venue-reject',
  'late-fill',
  'split-fill',
  'slow-legs',
  'beat-cancel',
];
const FRAME_KINDS: ReadonlySet<FaultKind> = new Set(['lost-frame', 'twice-frame', 'late-frame']);
/** What doesn't hit requests. */
const OTHERS: ReadonlySet<FaultKind> = new Set([...VENUE_KINDS, ...FRAME_KINDS]);

/** The faults that are switched on. They are not part of the saved state. */
export class Faults {
  #list: Fault[] = [];
  #nextId = 1;

  add(fault: NewFault): Fault {
    const whole: Fault = {
      skip: 0,
      times: 1,
      ms: 0,
      status: 500,
      code: 'internal_server_error',
      reason: 'Rejected by the venue',
      parts: 2,
      ...fault,
      id: this.#nextId++,
    } as Fault;
    this.#list.push(whole);
    return whole;
  }

  list(): readonly Fault[] {
    return this.#list;
  }

  clear(): void {
    this.#list = [];
  }

  remove(id: number): boolean {
    const before = this.#list.length;
    this.#list = this.#list.filter((each) => each.id !== id);
    return this.#list.length < before;
  }

  /** The faults that hit this request, in the order they were added; each is used up by one. */
  forRequest(method: string, path: string): Fault[] {
    return this.#list.filter(
      (fault) => !OTHERS.has(fault.kind) && matches(fault, method, path) && this.#use(fault),
    );
  }

  /** Whether market data is gone for good, in which case positions carry no marks either. */
  isDark(): boolean {
    return this.#list.some((fault) => fault.kind === 'no-market-data' && fault.times === null);
  }

  /** The venue fault of a kind that hits the next order, if any; used up by it. */
  forOrder(kind: VenueFaultKind): Fault | undefined {
    const fault = this.#list.find((each) => each.kind === kind);
    return fault && this.#use(fault) ? fault : undefined;
  }

  /** The fault that hits the next frame of the streamer, if any; used up by it. */
  forFrame(): Fault | undefined {
    return this.#list.find((each) => FRAME_KINDS.has(each.kind) && this.#use(each));
  }

  #use(fault: Fault): boolean {
    if (fault.skip > 0) {
      fault.skip -= 1;
      return false;
    }
    if (fault.times === null) return true;
    fault.times -= 1;
    if (fault.times <= 0) this.remove(fault.id);
    return true;
  }
}

function matches(fault: Fault, method: string, path: string): boolean {
  if (fault.kind === 'no-market-data' && !path.startsWith('/market-data/')) return false;
  if (fault.method !== undefined && fault.method.toUpperCase() !== method) return false;
  return fault.path === undefined || new RegExp(fault.path).test(path);
}
