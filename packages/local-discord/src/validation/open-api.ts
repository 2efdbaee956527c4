import { fileURLToPath } from 'node:url';

/** Discord's own description of its HTTP API, as this package ships it (vendor/README.md). */
export const OPEN_API = fileURLToPath(new URL('../../vendor/discord-openapi.json', import.meta.url));
