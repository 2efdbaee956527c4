import { createRequire } from 'node:module';

// By its name in package.json's `imports`: the built programs stand elsewhere than this file.
const { version } = createRequire(import.meta.url)('#package.json') as { version: string };

export const VERSION = version;
