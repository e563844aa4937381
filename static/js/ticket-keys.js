// The ticket's page by keyboard: a letter goes where a click would; see desk-keys.js.
(function () {
  "use strict";

  const ticket = document.getElementById("ticket");
  if (!ticket || !window.deskKeys) {
    return;
  }

  function reveal(element) {
    const side = document.getElementById("side");
    if (side && side.contains(element) && getComputedStyle(side).display === "none" && side.showPopover) {
      side.showPopover();
    }
    element.scrollIntoView({ block: "nearest" });
  }

  function focus(id) {
    const element = document.getElementById(id);
    if (!element) {
      return false;
    }
    reveal(element);
    element.focus();
    return true;
  }

  function unfold(id) {
    const details = document.getElementById(id);
    if (!details) {
      return false;
    }
    details.open = true;
    reveal(details);
    details.querySelector("summary").focus();
    window.watchdeskPanels.bring(details).then(function () {
      const field = details.querySelector("textarea, input:not([type=hidden]), select");
      if (field && details.contains(document.activeElement)) {
        field.focus();
      }
    });
    return true;
  }

  function press(id) {
    const element = document.getElementById(id);
    if (!element) {
      return false;
    }
    element.click();
    return true;
  }

  function status() {
    const first = document.querySelector("#part-status summary, #part-status button");
    if (!first) {
      return false;
    }
    reveal(first);
    first.focus();
    return true;
  }

  window.deskKeys.on({
    r: () => Boolean(window.watchdeskComposer) && window.watchdeskComposer.open("reply"),
    n: () => Boolean(window.watchdeskComposer) && window.watchdeskComposer.open("note"),
    a: () => press("take") || unfold("act-assign"),
    e: () => unfold("act-escalate"),
    y: () => press("acknowledge"),
    s: status,
    ".": status,
    p: () => focus("priority-priority"),
    t: () => focus("tags-add"),
    j: () => press("way-next"),
    "]": () => press("way-next"),
    k: () => press("way-previous"),
    "[": () => press("way-previous"),
  });
})();
