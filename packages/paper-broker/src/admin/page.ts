/** The panel's document. It has no content of its own: the script fills it from the snapshot route. */
export const ADMIN_PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Paper market</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="panel.css">
<header>
  <h1>Paper market</h1>
  <p id="clock" aria-live="off">…</p>
  <p id="state" role="status"></p>
</header>
<main>
  <section aria-labelledby="h-speed">
    <h2 id="h-speed">Speed</h2>
    <div class="row" id="speeds" role="group" aria-labelledby="h-speed">
      <button data-speed="0">Pause</button>
      <button data-speed="1">1×</button>
      <button data-speed="60">60×</button>
      <button data-speed="600">600×</button>
      <button id="session"></button>
    </div>
  </section>
  <section id="account" hidden>
    <h2><label for="which">Account</label></h2>
    <select id="which"></select>
  </section>
  <section aria-labelledby="h-working">
    <h2 id="h-working">Working orders</h2>
    <ul id="working"></ul>
  </section>
  <section aria-labelledby="h-under">
    <h2 id="h-under">Underlyings <label class="aside"><input type="checkbox" id="all"> show all</label></h2>
    <ul id="underlyings"></ul>
  </section>
  <section aria-labelledby="h-positions">
    <h2 id="h-positions">Positions <span class="aside">opened at → mark now</span></h2>
    <ul id="positions"></ul>
  </section>
  <section>
    <details id="trouble-box">
      <summary>Make trouble</summary>
      <h2>Once</h2>
      <div class="row" id="faults"></div>
      <h2>Until pressed again</h2>
      <div class="row" id="holds"></div>
      <h2><label for="company">Corporate action</label></h2>
      <div class="row">
        <select id="company"></select>
        <button id="split">Split 2 for 1</button>
        <button id="rename">Rename contracts</button>
      </div>
      <h2>Time</h2>
      <div class="row"><button id="expire">To the next expiration</button></div>
    </details>
  </section>
  <section aria-labelledby="h-fills">
    <h2 id="h-fills">Recent fills</h2>
    <ul id="fills"></ul>
  </section>
</main>
<p id="trouble" role="alert"></p>
<script src="panel.js" type="module"></script>
</html>
`;
