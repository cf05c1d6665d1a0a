/* Light or dark, before anything is drawn: what the reader chose, else what the system says. */
(function () {
  "use strict";
  var root = document.documentElement;
  var system = window.matchMedia("(prefers-color-scheme: dark)");
  function show() {
    var chosen = root.dataset.theme;
    var dark = chosen === "dark" || (chosen !== "light" && system.matches);
    root.setAttribute("data-bs-theme", dark ? "dark" : "light");
  }
  show();
  system.addEventListener("change", show);
  window.nextTheme = function () {
    var dark = root.getAttribute("data-bs-theme") === "dark";
    root.dataset.theme = dark ? "light" : "dark";
    document.cookie = "theme=" + root.dataset.theme + "; path=/; max-age=31536000; SameSite=Lax";
    show();
    window.dispatchEvent(new Event("themechange"));
  };
})();
