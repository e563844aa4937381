// Fields that suggest while one types (select2) come without names for screen readers: give them their field's.
(function () {
  "use strict";

  function nameOf(select) {
    const label = select.labels && select.labels[0];
    return select.getAttribute("aria-label") || (label ? label.textContent.trim() : "");
  }

  function name(container) {
    const select = container.previousElementSibling;
    const box = container.querySelector(".select2-selection");
    if (!select || !box || select.tagName !== "SELECT") {
      return;
    }
    const shown = container.querySelector(".select2-selection__rendered");
    if (shown) {
      shown.removeAttribute("role");
      shown.removeAttribute("aria-readonly");
      // Of several chosen rows select2 makes a list that holds its search field too.
      if (shown.tagName === "UL") {
        shown.setAttribute("role", "presentation");
      }
    }
    box.removeAttribute("aria-labelledby");
    box.setAttribute("aria-label", nameOf(select));
  }

  function nameSearch(field) {
    const inside = field.closest(".select2-selection");
    const open = inside || document.querySelector(".select2-container--open .select2-selection");
    field.setAttribute("aria-label", open ? open.getAttribute("aria-label") : "");
  }

  function look(root) {
    root.querySelectorAll(".select2-container").forEach(name);
    root.querySelectorAll(".select2-search__field").forEach(nameSearch);
  }

  document.addEventListener("DOMContentLoaded", function () {
    look(document);
    new MutationObserver(function (changes) {
      if (changes.some((change) => change.addedNodes.length)) {
        look(document);
      }
    }).observe(document.body, { childList: true, subtree: true });
  });
})();
