/** Nobody ever said that nothing is to be sent. */
export const NEVER_HALTED = { holds: false, current: async () => null, assertNone: async () => {} };
