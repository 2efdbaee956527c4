/**
 * The panel's script, served as it stands. It polls the snapshot, writes text only (never markup), and leaves
 * existing rows in place so that the keyboard focus survives an update.
 */
export const ADMIN_SCRIPT = `
const $ = (id) => document.getElementById(id);
const POLL_MS = 1000;

async function call(method, path, body) {
  const init = body === undefined ? { method } : {
    method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const account = $('which').value;
  const answer = await fetch('api/' + path + (account ? '?account=' + account : ''), init);
  const data = await answer.json();
  if (!answer.ok) throw new Error(data.error ? data.error.message : answer.statusText);
  return data;
}

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Brings a list to the wanted rows by key; build makes a row once, update fills it each time. */
function sync(list, rows, keyOf, build, update, empty) {
  const wanted = new Map(rows.map((row) => [String(keyOf(row)), row]));
  for (const child of [...list.children]) if (!wanted.has(child.dataset.key)) child.remove();
  let before = list.firstElementChild;
  for (const [key, row] of wanted) {
    let item = [...list.children].find((each) => each.dataset.key === key);
    if (!item) { item = build(row); item.dataset.key = key; list.insertBefore(item, before); }
    update(item, row);
    before = item.nextElementSibling;
  }
  if (rows.length === 0) list.replaceChildren(make('li', 'empty', empty));
}

function act(button, work) {
  button.addEventListener('click', async () => {
    button.disabled = true;
    try { await work(); setText($('trouble'), ''); } catch (error) { setText($('trouble'), error.message); }
    button.disabled = false;
    button.focus();
    await refresh();
  });
  return button;
}

function occ(symbol) {
  const m = /^(\\S+)\\s*(\\d\\d)(\\d\\d)(\\d\\d)([CP])(\\d{8})$/.exec(symbol);
  return m ? m[1] + ' ' + m[3] + '/' + m[4] + ' ' + Number(m[6]) / 1000 + m[5] : symbol;
}

function underlyingRow(row) {
  const item = make('li', 'line');
  const name = make('span', '', row.symbol);
  const figures = make('span', 'figures price');
  const buttons = make('span', 'row');
  for (const nudge of [-0.01, 0.01]) {
    const sign = nudge > 0 ? '+' : '−';
    const button = act(make('button', '', sign + '1%'), () => call('POST', 'underlyings/' + row.symbol, { nudge }));
    button.setAttribute('aria-label', (nudge > 0 ? 'Raise ' : 'Lower ') + row.symbol + ' by 1 %');
    buttons.append(button);
  }
  item.append(name, figures, buttons);
  return item;
}

function updateUnderlying(item, row) {
  const figures = item.querySelector('.price');
  const before = Number(item.dataset.price ?? row.price);
  figures.classList.toggle('up', Number(row.price) > before);
  figures.classList.toggle('down', Number(row.price) < before);
  item.dataset.price = row.price;
  setText(figures, Number(row.price).toFixed(2) + (row.pinned ? ' (held)' : ''));
}

function press(label, described, work) {
  const button = act(make('button', '', label), work);
  button.setAttribute('aria-label', described);
  return button;
}

function orderRow(row) {
  const item = make('li');
  const line = make('div', 'line');
  const path = 'orders/' + row.id;
  const named = ' order ' + row.id;
  line.append(make('span', 'what'), press('Fill now', 'Fill' + named + ' now', () => call('POST', path + '/fill', {})));
  const more = make('div', 'row');
  if (row.size > 1) more.append(press('Fill 1', 'Fill one unit of' + named, () => call('POST', path + '/fill', { units: 1 })));
  more.append(
    press('Cancel', 'Cancel' + named + ' in the broker’s app', () => call('POST', path + '/end', {})),
    press('Reject', 'Reject' + named, () => call('POST', path + '/end', { status: 'Rejected', reason: 'Session offline' })));
  item.append(line, make('div', 'dim legs'), more);
  return item;
}

function updateOrder(item, row) {
  const price = row.price ? row.price + ' ' + row['price-effect'].toLowerCase() : 'market';
  setText(item.querySelector('.what'),
    row['underlying-symbol'] + ' ' + price + (row['stop-trigger'] ? ' at ' + row['stop-trigger'] : '') + ' '
      + row['time-in-force'] + (row['complex-order-id'] ? ' OCO' : '') + ' · ' + row.status + ' #' + row.id);
  setText(item.querySelector('.legs'), row.legs.map((leg) =>
    leg.action + ' ' + leg['remaining-quantity'] + '/' + leg.quantity + ' ' + occ(leg.symbol)).join(' · '));
}

function plainRow() {
  const item = make('li', 'line');
  item.append(make('span', 'what'), make('span', 'figures much'));
  return item;
}

function positionRow(row) {
  const item = plainRow();
  const closing = press('Close', 'Close ' + occ(row.symbol) + ' in the broker’s app', () => call('POST', 'orders', closeOf(item.row)));
  item.append(closing);
  return item;
}

/** A GTC order at the mark, on the price grid of most options from 3.00 on. */
function closeOf(row) {
  const short = row['quantity-direction'] === 'Short';
  const price = Math.max(0.05, Math.round(Number(row['mark-price']) * 20) / 20).toFixed(2);
  return { 'time-in-force': 'GTC', 'order-type': 'Limit', price, 'price-effect': short ? 'Debit' : 'Credit', legs: [{
    'instrument-type': row['instrument-type'], symbol: row.symbol, quantity: Number(row.quantity),
    action: short ? 'Buy to Close' : 'Sell to Close' }] };
}

function updatePosition(item, row) {
  item.row = row;
  const sign = row['quantity-direction'] === 'Short' ? '−' : '+';
  setText(item.querySelector('.what'), sign + row.quantity + ' ' + occ(row.symbol));
  setText(item.querySelector('.much'), Number(row['average-open-price']).toFixed(2) + ' → ' + Number(row['mark-price']).toFixed(2));
}

function updateFill(item, row) {
  setText(item.querySelector('.what'), row.action + ' ' + Number(row.quantity) + ' ' + occ(row.symbol));
  setText(item.querySelector('.much'), Number(row.price).toFixed(2));
}

/** What goes wrong the next time. */
const FAULTS = [
  ['Reject an order', { kind: 'venue-reject', reason: 'Session offline' }],
  ['Fill in 3 parts', { kind: 'split-fill', parts: 3, ms: 2000 }],
  ['Fill before a cancel', { kind: 'beat-cancel' }],
  ['Lose an order’s answer', { kind: 'drop-after-commit', method: 'POST', path: 'orders$' }],
  ['Lose a frame', { kind: 'lost-frame' }],
];
const HOLDS = [
  ['Book nothing in the ledger', 'ledger', ({ held }) => held.ledger, (held) => ({ held })],
  ['Settle nothing', 'settlement', ({ held }) => held.settlement, (held) => ({ held })],
  ['Lists lag behind', 'lists', ({ held }) => held.lists, (held) => ({ held })],
  ['Refuse OCOs of spreads', 'brackets', (data) => data.refusesSpreads, (refuseSpreads) => ({ refuseSpreads })],
];
let latest;

function troubleButtons() {
  for (const [label, fault] of FAULTS) {
    $('faults').append(act(make('button', '', label), async () => {
      const waiting = latest.faults.find(({ kind }) => kind === fault.kind);
      await (waiting ? call('DELETE', 'faults/' + waiting.id) : call('POST', 'faults', fault));
    }));
  }
  for (const [label, route, isHeld, body] of HOLDS) {
    $('holds').append(act(make('button', '', label), () => call('POST', route, body(!isHeld(latest)))));
  }
  const happens = (kind) => () => call('POST', 'corporate-actions', { underlying: $('company').value, kind });
  act($('split'), happens('split'));
  act($('rename'), happens('rename'));
  act($('expire'), async () => {
    const next = latest.positions.map((row) => row['expires-at']).filter(Boolean).sort()[0];
    if (!next) throw new Error('No options are held');
    await call('POST', 'clock', { at: new Date(Date.parse(next) + 60000).toISOString() });
  });
}

function showTrouble(data) {
  latest = data;
  [...$('faults').children].forEach((button, index) =>
    button.setAttribute('aria-pressed', String(data.faults.some(({ kind }) => kind === FAULTS[index][1].kind))));
  [...$('holds').children].forEach((button, index) =>
    button.setAttribute('aria-pressed', String(HOLDS[index][2](data))));
  const held = data.underlyings.filter((row) => row.held).map((row) => row.symbol);
  const listed = [...$('company').options].map(({ value }) => value);
  if (held.join() !== listed.join()) $('company').replaceChildren(...held.map((symbol) => new Option(symbol)));
}

/** The market is of all, the rest of one account; with a single one there is nothing to choose. */
function offerAccounts({ accounts }) {
  const which = $('which');
  $('account').hidden = accounts.length < 2;
  if (which.options.length === accounts.length) return;
  which.replaceChildren(...accounts.map(({ number, nickname }) => new Option(nickname + ' · ' + number, number)));
}

function show(data) {
  offerAccounts(data);
  showTrouble(data);
  const when = new Date(data.clock.now);
  setText($('clock'), when.toLocaleString('en-US', { timeZone: 'America/New_York', weekday: 'short', month: 'short',
    day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' }) + ' ET · ' + data.clock.speed + '×');
  const { open, forced, alwaysOpen, state } = data.session;
  const why = forced ? 'set by hand' : alwaysOpen ? 'stays open round the clock for the demo' : 'by the exchange calendar';
  setText($('state'), (open ? 'Open' : state === 'Open' ? 'Closed' : state) + ', ' + why + (data.frozen ? ' · prices frozen' : ''));
  $('state').className = open ? 'open' : 'closed';
  setText($('session'), open ? 'Close session' : 'Open session');
  $('session').dataset.next = open ? 'closed' : 'open';
  for (const button of document.querySelectorAll('[data-speed]')) {
    button.setAttribute('aria-pressed', String(Number(button.dataset.speed) === data.clock.speed));
  }
  const listed = data.underlyings.filter((row) => row.held || $('all').checked || data.positions.length === 0);
  sync($('underlyings'), listed, (row) => row.symbol, underlyingRow, updateUnderlying, 'None');
  // The newest first: whoever has just placed one looks for it.
  sync($('working'), data.working.toReversed(), (row) => row.id, orderRow, updateOrder, 'No working orders');
  sync($('positions'), data.positions, (row) => row.symbol, positionRow, updatePosition, 'No positions');
  sync($('fills'), data.fills, (row) => row.id, plainRow, updateFill, 'No fills yet');
}

async function refresh() {
  try { show(await call('GET', 'snapshot')); } catch (error) { setText($('trouble'), 'No answer: ' + error.message); }
}

// Whoever frames this names it already.
document.documentElement.classList.toggle('framed', window.parent !== window);
for (const button of document.querySelectorAll('[data-speed]')) {
  act(button, () => call('POST', 'clock', { speed: Number(button.dataset.speed) }));
}
troubleButtons();
act($('session'), () => call('POST', 'session', { forced: $('session').dataset.next }));
$('which').addEventListener('change', refresh);
$('all').addEventListener('change', refresh);
(async function poll() { await refresh(); setTimeout(poll, POLL_MS); })();
`;
