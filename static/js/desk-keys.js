// Keys of one letter on the desk's pages, the dialog that lists them, and the switch that turns them off.
// A page registers its own: deskKeys.on({ j: function (event) {…} }); a handler that returns false did nothing.
// A link or button marked data-key="c" is pressed by that letter.
// Scripts that listen by themselves look at <html data-keys>, which is "off" while keys are.
(function () {
  "use strict";

  const OFF = "desk-keys-off";
  const TYPED_IN = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";
  const dialog = document.getElementById("keys");
  const handlers = {};

  function isOff() {
    try {
      return localStorage.getItem(OFF) === "1";
    } catch (_error) {
      return false;
    }
  }

  function tell() {
    document.documentElement.dataset.keys = isOff() ? "off" : "on";
  }

  function open() {
    if (dialog && !dialog.open) {
      dialog.showModal();
    }
  }

  document.querySelectorAll("[data-key]").forEach(function (element) {
    handlers[element.dataset.key] = function () {
      element.click();
    };
  });
  tell();
  window.deskKeys = {
    on: function (more) {
      Object.assign(handlers, more);
    },
  };

  document.addEventListener("keydown", function (event) {
    const busy = event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey;
    if (busy || isOff() || event.target.closest(TYPED_IN) || (dialog && dialog.open)) {
      return;
    }
    const handler = handlers[event.key];
    if (handler && handler(event) !== false) {
      event.preventDefault();
    }
  });

  if (!dialog) {
    return;
  }
  handlers["?"] = open;
  document.querySelectorAll(".keys-open").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", open);
  });
  const choice = dialog.querySelector(".keys-switch input");
  choice.checked = !isOff();
  choice.addEventListener("change", function () {
    try {
      localStorage.setItem(OFF, choice.checked ? "0" : "1");
    } catch (_error) {
      choice.checked = true;
    }
    tell();
  });
})();
