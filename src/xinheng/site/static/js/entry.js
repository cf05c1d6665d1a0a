/* Forms people fill in: what is typed survives a reload and a session that ended; a customer is found while typing. */
(function () {
  "use strict";
  var one = function (selector, from) { return (from || document).querySelector(selector); };
  var all = function (selector, from) { return Array.from((from || document).querySelectorAll(selector)); };

  /* Drafts: every field that was changed, kept in this tab until its form was taken or one signs out. */
  var SENT = "draft-sent";  /* house.js drops the draft once the form was taken */
  function key() { return "entry:" + window.location.pathname + window.location.search; }
  function fields(form) {
    return all("input[name], select[name], textarea[name]", form).filter(function (field) {
      return ["hidden", "password", "file", "submit"].indexOf(field.type) < 0;
    });
  }
  function named(field) { return field.name + (field.type === "checkbox" ? "=" + field.value : ""); }
  function usual(field) {
    if (field.type === "checkbox") return field.defaultChecked;
    if (field.tagName !== "SELECT") return field.defaultValue;
    var chosen = Array.from(field.options).filter(function (option) { return option.defaultSelected; })[0];
    return chosen ? chosen.value : (field.options[0] || {}).value;
  }
  function held(field) { return field.type === "checkbox" ? field.checked : field.value; }
  function keep(form) {
    var kept = {};
    fields(form).forEach(function (field) { if (held(field) !== usual(field)) kept[named(field)] = held(field); });
    if (Object.keys(kept).length) sessionStorage.setItem(key(), JSON.stringify(kept));
    else if (!("bound" in form.dataset)) sessionStorage.removeItem(key());
  }
  function bring(form) {
    var kept = JSON.parse(sessionStorage.getItem(key()) || "{}"), brought = false;
    fields(form).forEach(function (field) {
      if (!(named(field) in kept) || held(field) === kept[named(field)]) return;
      if (field.type === "checkbox") field.checked = kept[named(field)];
      else field.value = kept[named(field)];
      brought = true;
    });
    var said = one("[data-draft-said]", form);
    if (said && brought) said.hidden = false;
    if (brought) all("details", form).forEach(function (box) {
      if (fields(box).some(function (field) { return held(field) !== usual(field); })) box.open = true;
    });
  }
  document.addEventListener("DOMContentLoaded", function () {
    all("form[data-draft]").forEach(function (form) { if (!("bound" in form.dataset)) bring(form); });
  });
  ["input", "change"].forEach(function (what) {
    document.addEventListener(what, function (event) {
      var form = event.target.closest("form[data-draft]");
      if (form) keep(form);
    });
  });
  document.addEventListener("submit", function (event) {
    if (event.target.matches("form[data-draft]")) sessionStorage.setItem(SENT, key());
  });
  document.addEventListener("click", function (event) {
    if (!event.target.closest("[data-draft-drop]")) return;
    sessionStorage.removeItem(key());
    window.location.reload();
  });

  /* Finding: what is typed is asked for, what comes is chosen with the arrows or a tap. */
  var waiting = 0;
  function listOf(field) { return one("[role=listbox]", field.parentNode); }
  function close(field) {
    listOf(field).hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }
  function show(field, found) {
    var list = listOf(field);
    list.replaceChildren();
    found.forEach(function (row, at) {
      var option = document.createElement("li"), below = document.createElement("span");
      option.id = list.id + "-" + at;
      option.setAttribute("role", "option");
      option.dataset.value = row.value;
      option.textContent = row.name;
      below.className = "below";
      below.textContent = row.below;
      option.append(below);
      list.append(option);
    });
    list.hidden = !found.length;
    field.setAttribute("aria-expanded", String(found.length > 0));
  }
  function ask(field) {
    var typed = field.value.trim(), asked = ++waiting;
    if (!typed) return close(field);
    fetch(field.dataset.find + "?q=" + encodeURIComponent(typed), { headers: { Accept: "application/json" } })
      .then(function (answer) { return answer.ok ? answer.json() : { found: [] }; })
      .then(function (said) { if (asked === waiting && document.activeElement === field) show(field, said.found); })
      .catch(function () { close(field); });
    return undefined;
  }
  function choose(field, option) {
    field.value = option.dataset.value;
    close(field);
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  var later = 0;
  document.addEventListener("input", function (event) {
    var field = event.target;
    if (!field.matches("[data-find]")) return;
    window.clearTimeout(later);
    later = window.setTimeout(function () { ask(field); }, 150);
  });
  document.addEventListener("keydown", function (event) {
    var field = event.target;
    if (!field.matches || !field.matches("[data-find]") || listOf(field).hidden) return;
    var options = all("[role=option]", listOf(field)), at = options.findIndex(function (option) {
      return option.getAttribute("aria-selected") === "true";
    });
    if (event.key === "Escape") { event.stopPropagation(); close(field); }
    else if (event.key === "Enter" && at >= 0) choose(field, options[at]);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      at = Math.max(0, Math.min(options.length - 1, at + (event.key === "ArrowDown" ? 1 : -1)));
      options.forEach(function (option, place) { option.setAttribute("aria-selected", String(place === at)); });
      field.setAttribute("aria-activedescendant", options[at].id);
      options[at].scrollIntoView({ block: "nearest" });
    } else return;
    event.preventDefault();
  }, true);
  /* Before the field loses the focus to it. */
  document.addEventListener("mousedown", function (event) {
    var option = event.target.closest(".finder [role=option]");
    if (!option) return;
    event.preventDefault();
    choose(one("[data-find]", option.closest(".finder")), option);
  });
  document.addEventListener("focusout", function (event) {
    if (event.target.matches("[data-find]")) close(event.target);
  });

  /* Rows of a grid: one more when the last one is begun. */
  document.addEventListener("input", function (event) {
    var row = event.target.closest("[data-grid] [data-row]");
    if (!row || row.nextElementSibling) return;
    var next = row.cloneNode(true), last = Number(row.dataset.row), at = last + 1;
    if (at >= Number(row.closest("[data-grid]").dataset.most)) return;
    next.dataset.row = at;
    all("[name], [id], [for]", next).forEach(function (node) {
      ["name", "id", "for", "aria-controls"].forEach(function (attribute) {
        var text = node.getAttribute(attribute);
        if (text) node.setAttribute(attribute, text.replace("-" + last + "-", "-" + at + "-"));
      });
    });
    fields(next).forEach(function (field) { if (field.tagName !== "SELECT" && !field.matches("[data-day]")) field.value = field.defaultValue = ""; });
    all(".invalid, .row-answer", next).forEach(function (node) { node.remove(); });
    row.after(next);
    one("[data-total-rows]").value = at + 1;
  });
})();
