// The ticket list by keyboard: j/k move, x selects, o opens, space peeks, / searches. Without it the list is a plain
// table of links with boxes to tick.
(function () {
  "use strict";

  const rows = Array.from(document.querySelectorAll(".tickets tbody tr"));
  const peek = document.getElementById("peek");
  const all = document.querySelector(".pick-all");
  const count = document.querySelector(".bulk-count");
  let asking = null;
  let peeked = null;

  function linkOf(row) {
    return row.querySelector(".what-link");
  }

  function rowAtHand() {
    const focused = document.activeElement && document.activeElement.closest(".tickets tbody tr");
    return peek && peek.open ? peeked : focused;
  }

  function move(step) {
    const index = rows.indexOf(rowAtHand());
    const row = index < 0 ? rows[step > 0 ? 0 : rows.length - 1] : rows[index + step];
    if (!row) {
      return false;
    }
    if (peek.open) {
      look(row);
    } else {
      linkOf(row).focus();
    }
    return true;
  }

  async function look(row) {
    peeked = row;
    if (asking) {
      asking.abort();
    }
    const mine = new AbortController();
    asking = mine;
    const list = document.querySelector(".bulk-form [name=list]");
    const url = new URL("peek/", linkOf(row).href);
    url.searchParams.set("list", list ? list.value : "");
    try {
      const answer = await fetch(url, { signal: mine.signal });
      if (!answer.ok || answer.redirected) {
        throw new Error("no ticket");
      }
      // A part of a page of our own server, which cleaned what people wrote.
      peek.innerHTML = await answer.text();
    } catch (error) {
      if (error.name === "AbortError") {
        return;
      }
      const sorry = document.createElement("p");
      sorry.id = "peek-title";
      sorry.textContent = peek.dataset.failed;
      peek.replaceChildren(sorry);
    }
    if (!peek.open) {
      peek.showModal();
    }
    peek.scrollTop = 0;
  }

  if (peek) {
    peek.addEventListener("close", function () {
      if (asking) {
        asking.abort();
      }
      if (peeked) {
        linkOf(peeked).focus();
      }
    });
    peek.addEventListener("click", function (event) {
      if (event.target === peek) {
        peek.close();
      }
    });
    peek.addEventListener("keydown", function (event) {
      if (event.key === " " && !event.target.closest("a, button, input, summary")) {
        event.preventDefault();
        peek.close();
      }
    });
  }

  function boxes() {
    return Array.from(document.querySelectorAll(".pick"));
  }

  function tell() {
    const picked = boxes().filter((box) => box.checked).length;
    if (count && picked) {
      count.textContent = picked === 1 ? count.dataset.one : count.dataset.many.replace("%s", picked);
    }
    if (all) {
      all.checked = picked > 0 && picked === boxes().length;
      all.indeterminate = picked > 0 && !all.checked;
    }
  }

  if (all) {
    all.hidden = false;
    all.addEventListener("change", function () {
      boxes().forEach(function (box) {
        box.checked = all.checked;
      });
      tell();
    });
    document.querySelector(".tickets tbody").addEventListener("change", tell);
    // A page that comes back from the browser's history keeps its ticks.
    window.addEventListener("pageshow", tell);
  }

  // The menu of filters closes by Escape and by a click beside it.
  const menu = document.querySelector(".add-filter");
  if (menu) {
    menu.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && menu.open) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    });
    document.addEventListener("click", function (event) {
      if (menu.open && !menu.contains(event.target)) {
        menu.open = false;
      }
    });
    // What it offers comes when somebody is about to open it; without it, the link in it leads there.
    const fetched = { once: false };
    const fill = async function () {
      const place = menu.querySelector("[data-filters]");
      if (!place || fetched.once) {
        return;
      }
      fetched.once = true;
      try {
        const answer = await fetch(place.dataset.filters, { redirect: "error", headers: { "X-Piece": "1" } });
        if (answer.ok) {
          place.outerHTML = await answer.text();
          document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: menu } }));
        }
      } catch (_lost) {
        fetched.once = false;
      }
    };
    menu.addEventListener("toggle", fill);
    menu.querySelector("summary").addEventListener("pointerenter", fill);
    menu.querySelector("summary").addEventListener("focus", fill);
  }

  if (!window.deskKeys) {
    return;
  }
  window.deskKeys.on({
    j: () => move(1),
    k: () => move(-1),
    x: function () {
      const row = rowAtHand();
      const box = row && row.querySelector(".pick");
      if (!box) {
        return false;
      }
      box.click();
      return true;
    },
    o: function () {
      const row = rowAtHand();
      if (row) {
        linkOf(row).click();
      }
      return Boolean(row);
    },
    " ": function (event) {
      const row = rowAtHand();
      if (!row || peek.open || event.target.closest("button, summary, input")) {
        return false;
      }
      look(row);
      return true;
    },
    "/": function () {
      const field = document.getElementById("q");
      if (!field || peek.open) {
        return false;
      }
      field.focus();
      field.select();
      return true;
    },
  });
})();
