import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { openStore } from '../db/index.js';
import type { SessionOf } from '../domain/expiration.js';
import type { Secrets } from '../ports/secrets.js';
import { systemClock } from '../scheduler/system-clock.js';
import type { AccessRules } from '../services/access/access.js';
import { Halting } from '../services/access/halting.js';
import { HomeServer } from '../services/access/home-server.js';
import { AccountNames } from '../services/accounts/account-names.js';
import { Chains } from '../services/accounts/chains.js';
import { Desks } from '../services/accounts/desks.js';
import { UnderlyingPrices } from '../services/accounts/underlying-prices.js';
import { AuditService } from '../services/history/audit.js';
import { ClosingReader } from '../services/history/closing-reader.js';
import { HistoryService } from '../services/history/history.js';
import { AssignedReader } from '../services/noticing/assigned-projector.js';
import { BoardKeeper } from '../services/noticing/board-keeper.js';
import { BoardReader } from '../services/noticing/board-reader.js';
import { BoardService } from '../services/noticing/board-service.js';
import { BookWatch } from '../services/noticing/book-watch.js';
import { ExitReader } from '../services/noticing/exits/exit-reader.js';
import { ExitSettings } from '../services/noticing/exits/exit-settings.js';
import { ExitWatch } from '../services/noticing/exits/exit-watch.js';
import { FoundReader } from '../services/noticing/found-projector.js';
import { GonePositions } from '../services/noticing/gone-positions.js';
import { NewPositions } from '../services/noticing/new-positions.js';
import { NewShares } from '../services/noticing/new-shares.js';
import { NoticeSettings } from '../services/noticing/notice-settings.js';
import { OpenedReader } from '../services/noticing/opened-reader.js';
import { ReconcileWatch } from '../services/noticing/reconcile-watch.js';
import { ToldFindings } from '../services/noticing/told-findings.js';
import { Adoption } from '../services/orders/adoption.js';
import { CancelWishes } from '../services/orders/cancels/cancel-offer.js';
import { CancelReader } from '../services/orders/cancels/cancel-reader.js';
import { CancelService } from '../services/orders/cancels/cancel-service.js';
import { WayClearer } from '../services/orders/cancels/way-clearer.js';
import { OrderFates } from '../services/orders/fates.js';
import { FillReader } from '../services/orders/fill-reader.js';
import { LookalikeDecisions } from '../services/orders/lookalike-decisions.js';
import { LostReader } from '../services/orders/lost-reader.js';
import { OrderIntake } from '../services/orders/order-intake.js';
import { OutcomeRecorder } from '../services/orders/outcome-recorder.js';
import { PlanClaims } from '../services/orders/plan-claims.js';
import { ReconcileService } from '../services/orders/reconcile.js';
import { SettleService } from '../services/orders/settle.js';
import { SubmitService } from '../services/orders/submit.js';
import { OrdersService } from '../services/orders/working-orders.js';
import { PreviewService } from '../services/previews/preview.js';
import { PreviewPricer } from '../services/previews/pricing.js';
import type { ReminderContent } from '../services/reminders/content.js';
import type { ContentBuilder } from '../services/reminders/engine/index.js';
import { claimDatabase } from '../services/status/database-owner.js';
import { type GatewayProbe, StatusService } from '../services/status/status.js';
import { environmentOf, type Settings } from '../settings/schema.js';
import { setUpBroker } from './broker-setup.js';
import { composeReminders } from './compose-reminders.js';
import { composeTelling, type TellingSurface } from './compose-telling.js';
import { VERSION } from './version.js';

const newId = () => randomBytes(9).toString('base64url');

const ACCOUNT_RETRY_MS = 15_000;
/** An account that isn't there is mostly closed for good or misspelt, but a row that can't be read may mend. */
const MISSING_RETRY_MS = 5 * 60_000;

export type Services = Awaited<ReturnType<typeof composeServices>>;

/**
 * The composition root below any surface: the Discord bot and the command line both stand on what this makes.
 * Nothing is sent and nobody is connected yet, except that the database is open and migrated.
 */
export async function composeServices<Page extends object>(
  settings: Settings,
  log: Logger,
  surface: TellingSurface<Page> & { gateway: GatewayProbe; names?: AccountNames; secrets?: Secrets },
) {
  const clock = systemClock;
  const environment = environmentOf(settings);
  const releases: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const release of releases.splice(0).reverse()) await release();
  };
  try {
    const store = await openStore(settings.DATABASE_URL, {
      logger: log,
      poolSize: settings.DATABASE_POOL_SIZE,
    });
    releases.push(() => store.close());
    await claimDatabase(store.state, environment);
    const { names = new AccountNames() } = surface;
    await names.keepIn(store.state, log);
    const { broker, close: closeBroker } = await setUpBroker(
      settings,
      clock,
      log,
      surface.secrets ? { secrets: surface.secrets } : {},
    );
    releases.push(closeBroker);

    const access: AccessRules = {
      traderUserIds: settings.TRADER_USER_IDS,
      traderRoleIds: settings.TRADER_ROLE_IDS,
      viewerUserIds: settings.VIEWER_USER_IDS,
      viewerRoleIds: settings.VIEWER_ROLE_IDS,
      channelIds: settings.CHANNEL_IDS,
      readOnly: settings.READ_ONLY,
    };
    // Asked only when something is told; what it reads from is made further down.
    const cancelNews = { read: (id: string) => cancelReader.read(id) };
    const reminderContent: ContentBuilder<ReminderContent> = {
      build: (owed, telling) => reminding.builder.build(owed, telling),
    };
    const chains = new Chains({ broker, store, clock, log });
    const { deliverer, results, looks, reaches } = composeTelling(surface, {
      store,
      broker,
      clock,
      log,
      closingReader: new ClosingReader({
        broker,
        store,
        notices: store.notices,
        clock,
        chains,
        isShown: (account, positionId) => desks.of(account)?.positions.shows(positionId) ?? null,
        onEnd: ({ account, positionId, end, at }) =>
          void desks.of(account)?.positions.tellEnd(positionId, end, at),
      }),
      cancelReader: cancelNews,
      exitReader: { read: (topic) => exitReader.read(topic) },
      foundReader: { read: (topic) => foundReader.read(topic) },
      fillReader: new FillReader({ broker, store, chains }),
      lostReader: { read: (id) => lostReader.read(id) },
      openedReader: { read: (id) => openedReader.read(id) },
      reminderContent,
      boardReader: { read: (id) => boardReader.read(id) },
      assignedReader: { read: (id) => assignedReader.read(id) },
    });
    releases.push(() => deliverer.stop());
    releases.push(() => looks.stop());
    const absentAfterMs = settings.SETTLE_SECONDS * 1000;
    const fates = new OrderFates({ broker, store, clock, absentAfterMs });
    const settle = new SettleService({
      store,
      processes: store.processes,
      clock,
      fates,
      results,
      looks,
      reaches,
      log,
    });
    releases.push(() => settle.stop());
    const stopping = new AbortController();
    const intake = new OrderIntake({
      record: (orders) => store.recordOrders(orders, clock.now()),
      react: (orders, news) => settle.react(orders, news).then(() => deliverer.wake()),
      clock,
      log,
    });
    const desks = new Desks({
      broker,
      store,
      archive: store.archive,
      clock,
      log,
      targets: settings.PROFIT_TARGETS,
      onOrders: (orders) => intake.take(orders),
      names,
      named: settings.TASTYTRADE_ACCOUNT,
    });
    releases.push(() => desks.stop());
    const halting = new Halting({ store, access, clock });
    const prices = new UnderlyingPrices({ broker, clock, log });
    const recorder = new OutcomeRecorder({ store, clock, log });
    releases.push(() => recorder.stop());
    const orders = new OrdersService(desks);
    const cancelReader = new CancelReader({ broker, store, clock, desks, settle, absentAfterMs, log });
    const lostReader = new LostReader({ broker, store, desks, log });
    const cancels = new CancelService({
      broker,
      store,
      clock,
      desks,
      wishes: new CancelWishes({ store, desks, orders }),
      reader: cancelReader,
      access,
      wake: () => deliverer.wake(),
      log,
      ttlSeconds: settings.PREVIEW_TTL_SECONDS,
      newId,
    });
    const way = new WayClearer({ broker, store, clock, cancels, log });
    const claims = new PlanClaims({ broker, store, clock, desks, settle, halting, way, log });
    const submit = new SubmitService({
      broker,
      desks,
      store,
      clock,
      claims,
      recorder,
      results,
      settle,
      looks,
      halting,
      access,
      log,
    });
    releases.push(() => submit.close());
    const spreadTicks = settings.SPREAD_TICKS ?? new Map();
    const pricer = new PreviewPricer(broker, {
      rounding: settings.ROUNDING,
      spreadTicks,
      maxOrderContracts: settings.MAX_ORDER_CONTRACTS ?? null,
    });
    const preview = new PreviewService({
      broker,
      store,
      clock,
      desks,
      pricer,
      chains,
      access,
      halting,
      log,
      ttlSeconds: settings.PREVIEW_TTL_SECONDS,
      newPlanId: newId,
    });
    const home = new HomeServer({
      state: store.state,
      access,
      named: settings.DISCORD_GUILD_ID ?? null,
      log,
    });
    const lookalikes = new LookalikeDecisions({ broker, store, clock, access, settle });
    const reconciling = new ReconcileService({ broker, store, desks, clock });
    const adoption = new Adoption({ broker, store, orders, settle, access, clock, newId });
    const history = new HistoryService({ broker, store, desks, clock });
    const audits = new AuditService({ store, desks });
    releases.push(() => cancels.close());
    const reminding = await composeReminders({
      store,
      broker,
      desks,
      clock,
      access,
      spreadTicks,
      log,
    });
    releases.push(() => reminding.running.market.stop());
    const openedReader = new OpenedReader({
      desks,
      store,
      notices: store.notices,
      pricer,
      chains,
      halting,
      access,
      clock,
    });
    const wake = () => deliverer.wake();
    const newPositions = new NewPositions({
      notices: store.notices,
      store,
      outbox: store.outbox,
      clock,
      wake,
    });
    // Asked at the moment: what the broker tells of holidays comes later.
    const sessionOf: SessionOf = (day) => reminding.running.market.calendar().day(day);
    const { notices, outbox, exits } = store;
    const newShares = new NewShares({ notices, broker, outbox, clock, wake });
    const assignedReader = new AssignedReader({ desks, broker, notices, clock });
    const boardReader = new BoardReader({ store, desks });
    const boardKeeper = new BoardKeeper({ store, outbox: store.outbox, clock, wake });
    const boards = new BoardService({ store, desks, access, clock, wake });
    const exitReader = new ExitReader({
      desks,
      store,
      exits,
      outbox,
      broker,
      pricer,
      chains,
      halting,
      access,
      sessionOf,
      clock,
    });
    const exitWatch = new ExitWatch({ exits, store, outbox, sessionOf, clock, wake });
    const told = new ToldFindings(store.state);
    const foundReader = new FoundReader({ desks, reconciling, notices, told });
    const reconcileWatch = new ReconcileWatch({
      reconciling,
      notices,
      told,
      outbox,
      calendar: () => reminding.running.market.calendar(),
      clock,
      log,
      wake,
    });
    releases.push(async () => reconcileWatch.stop());
    const exitSettings = new ExitSettings({ exits, desks, access, clock });
    const gonePositions = new GonePositions({
      notices,
      store,
      state: store.state,
      clock,
      wake,
      readAgain: (account) => {
        const desk = desks.of(account);
        if (desk) books.changed(desk);
      },
    });
    const lookers = [newPositions, newShares, gonePositions, boardKeeper, exitWatch];
    const books = new BookWatch(lookers, clock, log);
    releases.push(() => books.stop());
    const noticeSettings = new NoticeSettings({ notices: store.notices, desks, access, clock });
    const status = new StatusService({
      broker,
      store,
      reminders: store.reminders,
      clock,
      desks,
      gateway: surface.gateway,
      home,
      access,
      halting,
      environment,
      version: VERSION,
    });
    releases.push(async () => {
      stopping.abort();
      intake.stop();
      await desks.idle();
    });
    /** Begins listening to the accounts as soon as the broker tells which they are; never gives up. */
    const watchAccounts = async (onKnown: (several: boolean) => void) => {
      reconcileWatch.start(() => desks.known);
      while (!stopping.signal.aborted) {
        try {
          const all = await desks.all();
          if (stopping.signal.aborted) return;
          onKnown(desks.several);
          for (const desk of all) {
            books.follow(desk);
            desk.start();
          }
          if (desks.missing.length === 0) return;
          await clock.sleep(MISSING_RETRY_MS, stopping.signal).catch(() => {});
          if (stopping.signal.aborted) return;
          await desks.lookAgain();
        } catch (error) {
          log.error({ err: error }, 'the accounts are not known yet; trying again');
          await clock.sleep(ACCOUNT_RETRY_MS, stopping.signal).catch(() => {});
        }
      }
    };
    return {
      environment,
      store,
      access,
      home,
      halting,
      clock,
      log,
      settle,
      lookalikes,
      looks,
      deliverer,
      desks,
      prices,
      chains,
      preview,
      submit,
      orders,
      reconciling,
      adoption,
      history,
      audits,
      cancels,
      ...reminding,
      noticeSettings,
      exitSettings,
      boards,
      status,
      watchAccounts,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
