/* Keyboard and small manners of the shell: / and Ctrl-K search, j k x Enter in lists, ? tells the keys, Escape closes. */
(function () {
  "use strict";
  var one = function (selector, from) { return (from || document).querySelector(selector); };
  var all = function (selector, from) { return Array.from((from || document).querySelectorAll(selector)); };
  var typing = function (node) { return node.closest("input, textarea, select, [contenteditable]"); };

  /* Search */
  var opener = null;
  function openPalette() {
    opener = document.activeElement;
    one("#palette").hidden = false;
    one(".house").inert = true;
    one("#palette-q").focus();
    one("#palette-q").select();
    window.htmx.trigger(one("#palette-q"), "opened");
  }
  function closePalette() {
    var palette = one("#palette");
    if (!palette || palette.hidden) return false;
    palette.hidden = true;
    one("#palette-q").setAttribute("aria-expanded", "false");
    one(".house").inert = false;
    if (opener) opener.focus();
    return true;
  }
  /* The typing stays where it is; the line that Enter opens is told to screen readers as the active one. */
  function options() { return all("#palette-list [role=option]"); }
  function choose(option) {
    options().forEach(function (one) { one.setAttribute("aria-selected", String(one === option)); });
    if (option) {
      one("#palette-q").setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else one("#palette-q").removeAttribute("aria-activedescendant");
  }
  function paletteKeys(event) {
    var found = options();
    var at = found.findIndex(function (option) { return option.getAttribute("aria-selected") === "true"; });
    if (event.key === "Tab") one("#palette-q").focus();
    else if (!found.length) return;
    else if (event.key === "ArrowDown") choose(found[(at + 1) % found.length]);
    else if (event.key === "ArrowUp") choose(found[(Math.max(at, 0) + found.length - 1) % found.length]);
    else if (event.key === "Enter" && at >= 0 && !awaited && !event.isComposing) found[at].click();
    else return;
    event.preventDefault();
  }
  /* What is listed answers what was typed before: until the answer comes, Enter asks for the whole page. */
  var awaited = false;
  document.addEventListener("input", function (event) { if (event.target.id === "palette-q") awaited = true; });
  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target.id !== "palette-found") return;
    awaited = event.detail.requestConfig.parameters.q !== one("#palette-q").value; // an answer to what was typed before
    one("#palette-q").setAttribute("aria-expanded", String(options().length > 0));
    choose(one("#palette-q").value.trim() ? options()[0] : null);
  });

  /* Drawer */
  function closeDrawer() {
    var drawer = one("#drawer");
    if (!drawer || drawer.hidden) return false;
    drawer.hidden = true;
    drawer.replaceChildren();
    if (opener) opener.focus();
    return true;
  }
  document.addEventListener("htmx:beforeRequest", function (event) {
    if (event.detail.target && event.detail.target.id === "drawer") opener = document.activeElement;
  });
  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target.id !== "drawer") return;
    event.detail.target.hidden = false;
    var first = one("h2, [autofocus]", event.detail.target);
    if (first) { first.tabIndex = -1; first.focus(); }
  });

  /* Lists */
  function rows() { return all("[data-list] tbody tr"); }
  function current() { return one("[data-list] tr.current"); }
  function move(step) {
    var list = rows();
    if (!list.length) return;
    var at = list.indexOf(current());
    var next = list[Math.max(0, Math.min(list.length - 1, at + step))];
    if (at >= 0) list[at].classList.remove("current");
    next.classList.add("current");
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }
  function open(row) {
    var drawer = one("[data-drawer]", row);
    if (drawer) drawer.click();
    else if (row.dataset.href) window.location = row.dataset.href;
  }
  function showBulk() {
    var bulk = one(".bulk");
    if (!bulk) return;
    var chosen = all('input[name="chosen"]:checked').length;
    bulk.hidden = chosen === 0;
    one("[data-count]", bulk).textContent = chosen;
  }

  document.addEventListener("keydown", function (event) {
    var palette = one("#palette");
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      return openPalette();
    }
    if (event.key === "Escape") {
      if (!closePalette() && !closeDrawer()) closeSidebar();
      return undefined;
    }
    if (palette && !palette.hidden) return paletteKeys(event);
    if (one("#keys") && one("#keys").open) return undefined;
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return undefined;
    if (event.key === "/") { event.preventDefault(); openPalette(); }
    else if (event.key === "?") { event.preventDefault(); one("#keys").showModal(); }
    else if (event.key === "j" || event.key === "k") {
      move(event.key === "j" ? 1 : -1);
      if (!one("#drawer").hidden && current()) open(current());
    }
    else if (event.key === "x" && current()) {
      var box = one('input[type="checkbox"]', current());
      if (box) { box.checked = !box.checked; showBulk(); }
    } else if (event.key === "Enter" && current() && event.target === current()) open(current());
    return undefined;
  });

  /* A day is typed; the browser's calendar helps. */
  function pickDay(field) {
    var typed = one("[data-day]", field), calendar = one("input[type=date]", field);
    calendar.value = typed.value;
    calendar.showPicker();
  }
  /* Before the form hears of it, so that it sends the day that was chosen. */
  document.addEventListener("change", function (event) {
    var calendar = event.target;
    if (calendar.matches(".day-input input[type=date]")) one("[data-day]", calendar.parentNode).value = calendar.value;
  }, true);

  /* Clicks */
  function closeSidebar() {
    var side = one("#sidebar");
    if (!side || !side.classList.contains("open")) return;
    side.classList.remove("open");
    var button = one("[data-open=sidebar]");
    button.setAttribute("aria-expanded", "false");
    button.focus();
  }
  document.addEventListener("click", function (event) {
    var node = event.target;
    if (node.closest("[data-palette]")) return openPalette();
    if (node.closest("[data-keys]")) return one("#keys").showModal();
    if (node.closest("[data-pick-day]")) return pickDay(node.closest(".day-input"));
    if (node.id === "palette") return closePalette();
    if (node.closest("[data-close-drawer]")) return closeDrawer();
    if (node.closest("[data-theme-next]")) return window.nextTheme();
    var filters = node.closest("[data-filters-toggle]");
    if (filters) {
      filters.setAttribute("aria-expanded", String(filters.closest("form").classList.toggle("open")));
      return undefined;
    }
    var side = node.closest("[data-open=sidebar]");
    if (side) {
      var opened = one("#sidebar").classList.toggle("open");
      side.setAttribute("aria-expanded", String(opened));
      if (opened) one("#sidebar a").focus();
      return undefined;
    }
    if (!node.closest("#sidebar")) {
      if (one("#sidebar.open")) closeSidebar();
    }
    var row = node.closest("tr[data-href]");
    if (row && !node.closest("a, button, input, label, summary")) open(row);
    return undefined;
  });
  /* An amount where there is only one way to read it, as the server reads it; NaN otherwise: the server then asks. */
  function amountOf(text) {
    var plain = text.normalize("NFKC").replace(/[\s\u2019']/g, "");
    if (!plain) return 0;
    if (/^\d+(\.\d*)?$/.test(plain)) return Number(plain);
    if (/^\d{1,3}(,\d{3})+(\.\d+)?$/.test(plain)) return Number(plain.replace(/,/g, ""));
    if (/^\d{1,3}(\.\d{3})+,\d+$/.test(plain)) return Number(plain.replace(/\./g, "").replace(",", "."));
    if (/^\d+,\d{1,2}$/.test(plain)) return Number(plain.replace(",", "."));
    return NaN;
  }

  /* The sum of what is typed beside items, and what is left of the whole. */
  function addUp(form) {
    var places = Number(form.dataset.decimals), unit = Math.pow(10, places), chosen = 0;
    var shown = new Intl.NumberFormat("en", { minimumFractionDigits: places, maximumFractionDigits: places });
    all("[data-part]", form).forEach(function (field) {
      chosen += Math.round(amountOf(field.value) * unit);
    });
    var rest = Number(form.dataset.whole) - chosen, known = Number.isSafeInteger(chosen);
    one("[data-sum-chosen]", form).textContent = known ? shown.format(chosen / unit) : "–";
    one("[data-sum-rest]", form).textContent = known ? shown.format(rest / unit) : "–";
    one("[data-sum-rest]", form).classList.toggle("bad", known && rest < 0);
  }
  document.addEventListener("input", function (event) {
    var form = event.target.closest("form[data-sum]");
    if (form) addUp(form);
  });

  /* Drafts: a reason that was typed stays in this tab until its form was taken, or until one signs out. */
  var SENT = "draft-sent";
  function draftOf(form) { return "draft:" + new URL(form.action, window.location.href).pathname; }
  function reasons(form) { return form.matches("[data-draft]") ? [] : all("textarea[name], input[name=reason]", form); }
  function keepDraft(form) {
    var kept = {};
    reasons(form).forEach(function (field) { if (field.value) kept[field.name] = field.value; });
    sessionStorage.setItem(draftOf(form), JSON.stringify(kept));
  }
  function bringDrafts() {
    var sent = sessionStorage.getItem(SENT);
    /* Whoever comes from the sign-in is greeted as well: nothing was taken then. */
    var greeted = document.referrer.indexOf("/accounts/login/") >= 0;
    if (sent && one(".alert-good") && !greeted) sessionStorage.removeItem(sent);
    sessionStorage.removeItem(SENT);
    all("form[method=post]").forEach(function (form) {
      var kept = JSON.parse(sessionStorage.getItem(draftOf(form)) || "{}");
      reasons(form).forEach(function (field) { if (!field.value && kept[field.name]) field.value = kept[field.name]; });
    });
  }
  document.addEventListener("input", function (event) {
    var form = event.target.closest("form[method=post]");
    if (form && reasons(form).indexOf(event.target) >= 0) keepDraft(form);
  });
  document.addEventListener("submit", function (event) {
    /* Filters change the address without loading the page: what is kept is what is seen. */
    if (event.target.matches("[data-keeps-query]")) event.target.elements.query.value = window.location.search;
    if (event.target.matches("[data-signs-out]")) return sessionStorage.clear();
    if (reasons(event.target).length) sessionStorage.setItem(SENT, draftOf(event.target));
    return undefined;
  }, true);
  document.addEventListener("DOMContentLoaded", bringDrafts);
  document.addEventListener("htmx:afterSettle", function (event) {
    if (event.detail.target.id === "drawer") bringDrafts();
  });

  /* What scrolls inside its own box can be reached and scrolled with the keyboard. */
  function reachable() {
    all(".table-box, .tabs").forEach(function (box) {
      if (box.scrollWidth > box.clientWidth + 1 && !box.hasAttribute("tabindex")) box.tabIndex = 0;
    });
  }
  document.addEventListener("DOMContentLoaded", reachable);
  document.addEventListener("htmx:afterSettle", reachable);
  document.addEventListener("toggle", reachable, true);
  window.addEventListener("resize", reachable);

  document.addEventListener("change", function (event) {
    var node = event.target;
    if (node.matches("[data-all]")) {
      all('input[name="chosen"]').forEach(function (box) { box.checked = node.checked; });
    }
    if (node.matches('[data-all], input[name="chosen"]')) showBulk();
    if (node.matches("[data-send-on-change]")) node.form.requestSubmit();
  });
})();
