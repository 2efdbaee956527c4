export { CATALOG } from './market/catalog.js';
export { contractOf, expirations } from './market/listing.js';
export type { PaperBroker, PaperBrokerOptions, RateCeilings } from './options.js';
export { startPaperBroker } from './server.js';
export { lockState } from './state-lock.js';
