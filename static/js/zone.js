// The browser knows its time zone: a new account gets it, and the profile suggests it and says what time it is there.
(function () {
  "use strict";

  const own = Intl.DateTimeFormat().resolvedOptions().timeZone || "";

  for (const field of document.querySelectorAll("input[type=hidden][name=time_zone]")) {
    field.value = own;
  }

  function timeIn(zone) {
    const language = document.documentElement.lang;
    return new Intl.DateTimeFormat(language, { timeZone: zone, hour: "2-digit", minute: "2-digit", hour12: false }).format();
  }

  function tell(place) {
    const field = document.getElementById(place.dataset.zone);
    const known = Array.from(field.options).some((option) => option.value === own);

    function show() {
      place.textContent = place.dataset.there.replace("%(time)s", timeIn(field.value)) + " ";
      if (known && own !== field.value) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn btn-outline-primary";
        button.textContent = place.dataset.use;
        button.addEventListener("click", function () {
          field.value = own;
          field.focus();
          show();
        });
        place.append(place.dataset.suggest.replace("%(zone)s", own) + " ", button);
      }
    }

    field.addEventListener("change", show);
    show();
  }

  document.querySelectorAll("[data-zone]").forEach(tell);
})();
