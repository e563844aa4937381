// Writing on a ticket: quoting, sending by keyboard, and a bar that opens where the window is small.
(function () {
  "use strict";

  const composer = document.getElementById("composer");
  if (!composer) {
    return;
  }

  function formOf(kind) {
    return composer.querySelector(".compose-" + kind);
  }

  function chosen() {
    const radio = composer.querySelector("input[name=composer]:checked");
    return radio ? radio.value : "";
  }

  // Shows the reply or the note and puts the cursor into it; false where the reader may not write it.
  function open(kind) {
    const radio = composer.querySelector("input[name=composer][value=" + kind + "]");
    if (!radio) {
      return false;
    }
    radio.checked = true;
    composer.classList.add("is-open");
    const form = formOf(kind);
    window.watchdeskPreview.look(form, "write");
    form.querySelector("textarea").focus();
    return true;
  }

  /* Quoting: of a note only into a note, so that it never leaves the desk. */

  function quoted(bubble) {
    const words = bubble.querySelector(".words");
    const selection = window.getSelection();
    const picked = selection.rangeCount && words.contains(selection.getRangeAt(0).commonAncestorContainer);
    const text = (picked && selection.toString()) || words.innerText;
    return text.trim().split("\n").map((line) => (line ? "> " + line : ">")).join("\n") + "\n\n";
  }

  function quote(button) {
    const kind = button.dataset.quote || chosen();
    const text = quoted(button.closest(".bubble"));
    if (!open(kind)) {
      return;
    }
    const area = formOf(kind).querySelector("textarea");
    const before = area.value.slice(0, area.selectionStart);
    const gap = before && !before.endsWith("\n\n") ? "\n\n" : "";
    area.setRangeText(gap + text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  document.addEventListener("click", function (event) {
    const target = event.target.closest("[data-quote], [data-close-composer]");
    if (!target) {
      return;
    }
    if (target.matches("[data-quote]")) {
      quote(target);
    } else {
      composer.classList.remove("is-open");
    }
  });

  composer.addEventListener("preview:lost", function () {
    window.watchdeskTicket.say(document.getElementById("ticket").dataset.lost, true);
  });

  composer.addEventListener("click", function (event) {
    // On a small window the tabs are the bar that opens it; the chosen one is pressed a second time.
    if (event.target.closest(".tab")) {
      composer.classList.add("is-open");
    }
  });

  composer.addEventListener("keydown", function (event) {
    const form = event.target.closest("form");
    const ways = form && form.querySelector(".send-and");
    if (ways && event.key === "Enter" && event.shiftKey && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      ways.open = true;
      ways.querySelector(".send-and-box button, .send-and-box select").focus();
    } else if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector(".compose-send > button[type=submit]:not([formaction])"));
    }
    if (event.key === "Escape" && form) {
      const menu = form.querySelector(".send-and[open]");
      if (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    }
  });

  window.watchdeskComposer = { open: open };
})();
