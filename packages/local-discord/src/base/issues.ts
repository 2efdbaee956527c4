import { ApiError } from './api-error.js';

export type Path = readonly (string | number)[];

interface Issue {
  path: Path;
  code: string;
  message: string;
}

/** Collects what is wrong with a body and turns it into Discord's nested 50035 answer. */
export class Issues {
  private readonly found: Issue[] = [];

  get any(): boolean {
    return this.found.length > 0;
  }

  /** @param path where in the body, as keys and array indices; @param code Discord's inner code. */
  add(path: Path, code: string, message: string): void {
    this.found.push({ path, code, message });
  }

  /** Throws 400/50035 with everything found; does nothing when the body is clean. */
  throwIfAny(): void {
    if (this.any) throw new ApiError(400, 50035, 'Invalid Form Body', this.nested());
  }

  /** `{key: {0: {_errors: [{code, message}]}}}`, array indices as strings, as Discord nests them. */
  nested(): Record<string, unknown> {
    const root: Record<string, unknown> = {};
    for (const { path, code, message } of this.found) {
      let node = root;
      for (const key of path) {
        node[key] ??= {};
        node = node[key] as Record<string, unknown>;
      }
      node._errors = [...((node._errors as unknown[] | undefined) ?? []), { code, message }];
    }
    return root;
  }
}

/** The most common issues, with the inner codes public code shows Discord to use. */
export const issue = {
  required: (issues: Issues, path: Path) => issues.add(path, 'BASE_TYPE_REQUIRED', 'This field is required'),
  tooLong: (issues: Issues, path: Path, max: number) =>
    issues.add(path, 'BASE_TYPE_MAX_LENGTH', `Must be ${max} or fewer in length.`),
  badLength: (issues: Issues, path: Path, min: number, max: number) =>
    issues.add(path, 'BASE_TYPE_BAD_LENGTH', `Must be between ${min} and ${max} in length.`),
};
