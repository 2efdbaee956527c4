import pino from 'pino';
import { setUpBroker } from '../dist/app/broker-setup.js';
import { composeServices } from '../dist/app/compose.js';
import { Decimal } from '../dist/domain/money.js';
import { previewSteps } from '../dist/screens/preview.js';
import { Chains } from '../dist/services/accounts/chains.js';
import { unhurried } from '../dist/services/accounts/unhurried.js';
import { PreviewService } from '../dist/services/previews/preview.js';
import { PreviewPricer } from '../dist/services/previews/pricing.js';
import { readSettings } from '../dist/settings/schema.js';

// A preview without the HTTP of its trials and without Discord: what reading, pricing, keeping and wording it cost.
// Each trial is answered at once; the account is read from the paper broker as ever.
const settings = readSettings(process.env);
const log = pino({ level: 'error' });
const services = await composeServices(settings, log, { gateway: {} });
const { clock, store, desks, access, environment, halting } = services;
const { broker } = await setUpBroker(settings, clock, log);
const trial = {
  fees: new Decimal('1.25'),
  buyingPowerChange: new Decimal('120.5'),
  warnings: [],
  errors: [],
};
const answersAtOnce = { underlying: (symbol) => broker.underlying(symbol), dryRun: async () => trial };
const pricer = new PreviewPricer(answersAtOnce, {
  rounding: settings.ROUNDING,
  spreadTicks: new Map(),
  maxOrderContracts: null,
});
let made = 0;
const previews = new PreviewService({
  broker,
  store,
  clock,
  desks,
  chains: new Chains({ broker, store, clock, log }),
  pricer,
  access,
  halting,
  log,
  ttlSeconds: 120,
  newPlanId: () => `bench-${process.pid}-${++made}`,
});
const [userId = ''] = settings.TRADER_USER_IDS;
const actor = { userId, roleIds: [], guildId: 'bench', channelId: 'bench' };

// The probe lets go of the channel; this process lives by it.
process.channel.ref();
process.on('message', async (asked) => {
  if (asked !== 'preview') return;
  const preview = await previews.create({ actor, which: 'all', overrides: {}, dryRun: false });
  const pages = await unhurried(previewSteps(preview, environment, clock.now()));
  if (pages.length === 0) throw new Error('nothing to show');
  process.send('done');
});
process.send('done');
