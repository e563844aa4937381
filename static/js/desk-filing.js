// A new ticket for somebody: who asks, the category and the queue decide on what else the form asks, and with the
// priority on what the clocks will say. Whenever one of them changes the desk is asked, and the parts marked
// `data-more` are put into the form that is there.
(function () {
  "use strict";

  const DECIDE = ["requester", "organization", "category", "queue", "impact", "urgency", "priority"];
  const form = document.querySelector("form.filing");
  const said = document.getElementById("filing-said");
  let newest = 0;
  let typed = false;

  function questions() {
    return Array.from(form.querySelectorAll(".filing-questions [name]"), (field) => field.name).join();
  }

  function clocks() {
    const told = form.querySelector(".filing-clocks");
    return told ? told.textContent.replace(/\s+/g, " ").trim() : "";
  }

  function put(html) {
    const before = questions();
    const earlier = clocks();
    const held = document.activeElement;
    const page = new DOMParser().parseFromString(html, "text/html");
    page.querySelectorAll("[data-more]").forEach(function (part) {
      const here = document.getElementById(part.id);
      if (here) {
        here.replaceWith(document.adoptNode(part));
      }
    });
    // Where somebody was, they stay.
    if (held && held.id && !document.contains(held)) {
      const again = document.getElementById(held.id);
      if (again) {
        again.focus();
      }
    }
    const after = questions();
    const news = after && after !== before ? [form.dataset.asked] : [];
    if (clocks() !== earlier) {
      news.push(clocks());
    }
    if (news.length || after !== before) {
      said.textContent = news.join(" ");
    }
  }

  async function ask() {
    const number = ++newest;
    typed = false;
    const body = new FormData(form);
    body.delete("files");
    body.append("look", "1");
    try {
      const answer = await fetch(form.action, { method: "POST", body: body, headers: { "X-Piece": "1" } });
      if (!answer.ok || answer.redirected || number !== newest) {
        return;
      }
      if (typed) {
        // What was typed meanwhile into the parts goes along with the next question.
        ask();
        return;
      }
      put(await answer.text());
    } catch (_lost) {
      // Filing asks for what was not seen.
    }
  }

  form.addEventListener("change", function (event) {
    if (DECIDE.includes(event.target.name) || event.target.matches(".combobox-text")) {
      ask();
    }
  });
  form.addEventListener("combobox:pick", ask);
  form.addEventListener("input", function (event) {
    typed = typed || Boolean(event.target.closest("[data-more]"));
  });
  form.addEventListener("preview:lost", function () {
    form.querySelector(".draft-said").textContent = form.dataset.lost;
  });
  form.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-go]"));
    }
  });
})();
