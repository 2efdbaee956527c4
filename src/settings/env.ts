import { config } from 'dotenv';

// Imported before everything else by each entry point, so that no module reads an environment that is not
// complete yet. Variables already set win over `.env`.
config({ quiet: true });
