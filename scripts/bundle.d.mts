import type { BuildOptions } from 'esbuild';

export const AS_MODULES: BuildOptions;
export function bundle(options: BuildOptions): Promise<void>;
