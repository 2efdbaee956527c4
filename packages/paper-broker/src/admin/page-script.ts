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

function orderRow(row) {
  const item = make('li');
  const line = make('div', 'line');
  const fill = act(make('button', '', 'Fill now'), () => call('POST', 'orders/' + row.id + '/fill', {}));
  fill.setAttribute('aria-label', 'Fill order ' + row.id + ' now');
  line.append(make('span', 'what'), fill);
  item.append(line, make('div', 'dim legs'));
  return item;
}

function updateOrder(item, row) {
  const price = row.price ? row.price + ' ' + row['price-effect'].toLowerCase() : 'market';
  setText(item.querySelector('.what'),
    row['underlying-symbol'] + ' ' + price + ' ' + row['time-in-force'] + ' · ' + row.status + ' #' + row.id);
  setText(item.querySelector('.legs'), row.legs.map((leg) =>
    leg.action + ' ' + leg['remaining-quantity'] + '/' + leg.quantity + ' ' + occ(leg.symbol)).join(' · '));
}

function plainRow() {
  const item = make('li', 'line');
  item.append(make('span', 'what'), make('span', 'figures much'));
  return item;
}

function updatePosition(item, row) {
  const sign = row['quantity-direction'] === 'Short' ? '−' : '+';
  setText(item.querySelector('.what'), sign + row.quantity + ' ' + occ(row.symbol));
  setText(item.querySelector('.much'), Number(row['average-open-price']).toFixed(2) + ' → ' + Number(row['mark-price']).toFixed(2));
}

function updateFill(item, row) {
  setText(item.querySelector('.what'), row.action + ' ' + Number(row.quantity) + ' ' + occ(row.symbol));
  setText(item.querySelector('.much'), Number(row.price).toFixed(2));
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
  sync($('positions'), data.positions, (row) => row.symbol, plainRow, updatePosition, 'No positions');
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
act($('session'), () => call('POST', 'session', { forced: $('session').dataset.next }));
$('which').addEventListener('change', refresh);
$('all').addEventListener('change', refresh);
(async function poll() { await refresh(); setTimeout(poll, POLL_MS); })();
`;
