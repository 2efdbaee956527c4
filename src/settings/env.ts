import { config } from 'dotenv';
import { encodingOf } from './env-encoding.js';

// Imported before everything else by each entry point, so that no module reads an environment that is not
// complete yet. Variables already set win over `.env`.
config({ quiet: true, encoding: encodingOf('.env') });
