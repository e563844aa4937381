// Where a priority follows from what is chosen or typed, the desk is asked what it comes to, before it is saved.
(function () {
  "use strict";

  const PAUSE = 250;
  let waiting = 0;
  let newest = 0;

  async function look(form) {
    const number = ++newest;
    const body = new FormData(form);
    body.append("look", "1");
    try {
      const answer = await fetch(form.getAttribute("action"), { method: "POST", body: body, headers: { "X-Piece": "1" } });
      // What was typed meanwhile is asked for already.
      if (answer.ok && !answer.redirected && number === newest) {
        // The desk wrote it; nothing in it is anybody's own words.
        form.querySelector(".verdict").innerHTML = await answer.text();
      }
    } catch (_lost) {
      // Saving says so.
    }
  }

  document.addEventListener("input", function (event) {
    const form = event.target.closest("form[data-judge]");
    if (form) {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(look, PAUSE, form);
    }
  });
})();
