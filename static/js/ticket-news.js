// What others did meanwhile: asked for every few seconds while the page is looked at, told above the composer, and
// shown when the reader wants it. It never takes the focus, and never touches what is typed.
(function () {
  "use strict";

  const ticket = document.getElementById("ticket");
  const box = document.getElementById("news");
  if (!ticket || !box) {
    return;
  }
  const EVERY_MS = Number(ticket.dataset.every || 15000);
  let known = 0;
  let timer = 0;

  function shown() {
    return document.getElementById("stream").dataset.version;
  }

  function later() {
    clearTimeout(timer);
    if (!document.hidden) {
      timer = setTimeout(ask, EVERY_MS);
    }
  }

  async function ask() {
    try {
      const address = ticket.dataset.news + "?after=" + shown() + "&known=" + known;
      const answer = await fetch(address, { redirect: "error" });
      if (answer.status === 403 || answer.status === 404) {
        return;
      }
      known = Number(answer.headers.get("X-Ticket-Version")) || known;
      if (answer.status === 200 && known) {
        box.innerHTML = await answer.text();
        box.hidden = false;
      }
    } catch (_lost) {
      // The next time may find the way.
    }
    later();
  }

  box.addEventListener("click", async function (event) {
    if (!event.target.closest("[data-show-news]")) {
      return;
    }
    const before = new Set(Array.from(document.querySelectorAll("#stream .bubble"), (bubble) => bubble.id));
    if (!(await window.watchdeskTicket.refresh())) {
      return;
    }
    const fresh = Array.from(document.querySelectorAll("#stream .bubble")).find((bubble) => !before.has(bubble.id));
    const place = fresh || document.getElementById("stream").lastElementChild;
    if (place) {
      place.scrollIntoView({ block: "center" });
    }
    // The pressed button is gone: who pressed it goes on at the words that it showed.
    if (document.activeElement === document.body && fresh) {
      fresh.focus({ preventScroll: true });
    }
  });

  document.addEventListener("ticket:renewed", function (event) {
    if (event.detail.shown) {
      known = 0;
      box.hidden = true;
      box.textContent = "";
    } else {
      ask();
    }
  });

  document.addEventListener("visibilitychange", function () {
    if (document.hidden) {
      clearTimeout(timer);
    } else {
      ask();
    }
  });

  later();
})();
