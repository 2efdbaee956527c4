import type { Environment } from '../domain/environment.js';
import { mendingView } from '../screens/command-line.js';
import { historyViews } from '../screens/history.js';
import { ordersViews } from '../screens/orders.js';
import { reconcileViews } from '../screens/reconcile.js';
import { unreadViews } from '../screens/unread-accounts.js';
import type { View } from '../screens/view.js';
import type { HistoryService } from '../services/history/history.js';
import type { ReconcileService } from '../services/orders/reconcile.js';
import type { OrdersService } from '../services/orders/working-orders.js';
import type { LookRequest } from './arguments.js';

/** Who is asked. */
interface Services {
  orders: Pick<OrdersService, 'working'>;
  history: Pick<HistoryService, 'read'>;
  reconciling: Pick<ReconcileService, 'read'>;
  environment: Environment;
}

/** What is to be seen, and whether all was read and is as it should be. */
export interface Seen {
  views: View[];
  well: boolean;
}

/** The same screens as in the chat. Nothing is sent. */
export async function looked(request: LookRequest, services: Services): Promise<Seen> {
  const { orders, history, reconciling, environment } = services;
  switch (request.command) {
    case 'orders': {
      const { lists, ...rest } = await orders.working(request.account);
      return shown(
        lists.flatMap((list) => ordersViews(list.book, list.orders, environment)),
        rest,
        services,
      );
    }
    case 'history': {
      const asked = await history.read(request);
      return shown(
        asked.read.flatMap((account) => historyViews(account, asked, environment)),
        asked,
        services,
      );
    }
    case 'reconcile': {
      const { accounts, ...rest } = await reconciling.read(request.account);
      const views = accounts.flatMap((account) => reconcileViews(account, environment));
      const mending = mendingView(accounts);
      const seen = shown([...views, ...(mending ? [mending] : [])], rest, services);
      return { ...seen, well: seen.well && accounts.every(({ findings }) => findings.length === 0) };
    }
  }
}

function shown(
  views: readonly View[],
  rest: Parameters<typeof unreadViews>[0],
  { environment }: Services,
): Seen {
  const unread = unreadViews(rest, environment);
  return { views: [...views, ...unread], well: unread.length === 0 };
}
