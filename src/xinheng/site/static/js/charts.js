/* Charts: one question each.  A node with data-chart names its kind and the id of its data (a JSON script).  Colours come
   from the page's own tokens, so both themes and every chart agree. */
(function () {
  "use strict";
  var drawn = [];
  var token = function (name) { return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim(); };
  var narrow = function () { return window.matchMedia("(max-width: 640px)").matches; };

  function base() {
    return {
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: token("ink-2"), fontSize: 12 },
      grid: { left: 8, right: 16, top: 24, bottom: 4, containLabel: true },
      tooltip: {
        trigger: "item", confine: true, backgroundColor: token("card"), borderColor: token("line-2"),
        textStyle: { color: token("ink"), fontSize: 13 }, extraCssText: "box-shadow: var(--shadow); border-radius: 8px;"
      }
    };
  }
  function escape(text) {
    return String(text).replace(/[&<>"']/g, function (letter) { return "&#" + letter.charCodeAt(0) + ";"; });
  }
  function say(params) {
    var data = params.data || {};
    return escape(data.title || params.name) + "<br><b>" + escape(data.text || "") + "</b>" + (data.more ? "<br>" + escape(data.more) : "");
  }
  function axis(extra) {
    return Object.assign({
      axisLine: { lineStyle: { color: token("line-2") } }, axisTick: { show: false },
      axisLabel: { color: token("ink-2"), hideOverlap: true }, splitLine: { lineStyle: { color: token("line") } }
    }, extra);
  }
  var compact = function (lang) {
    return function (value) {
      return new Intl.NumberFormat(lang, { notation: "compact", maximumFractionDigits: 1 }).format(value);
    };
  };
  /* From calm over amber to red, whatever the number of buckets. */
  function bucketColour(index, count) {
    if (index === 0) return token("bar-0");
    var place = count <= 2 ? 4 : 1 + Math.round((index - 1) * 3 / Math.max(1, count - 2));
    return token("bar-" + Math.min(4, place));
  }

  var kinds = {};
  kinds.bars = function (data, lang) {
    var option = base();
    option.xAxis = axis({ type: "category", data: data.bars.map(function (bar) { return bar.name; }), axisLabel: { color: token("ink-2"), interval: data.bars.length > 8 ? "auto" : 0, width: narrow() ? 54 : 110, overflow: "break" } });
    option.yAxis = axis({ type: "value", min: 0, axisLabel: { formatter: compact(lang), color: token("ink-2") } });
    option.tooltip.formatter = say;
    option.series = [{
      type: "bar", barMaxWidth: 56,
      data: data.bars.map(function (bar, index) {
        var colour = data.colours === "age" ? bucketColour(index, data.bars.length) : token(bar.late ? "bar-3" : "bar-0");
        return { value: bar.value, text: bar.text, more: bar.more, title: bar.title, url: bar.url, name: bar.name, itemStyle: { color: colour, borderRadius: [3, 3, 0, 0] } };
      }),
      label: { show: data.labels !== false && !narrow(), position: "top", color: token("ink"), formatter: function (one) { return one.data.value ? one.data.text : ""; } }
    }];
    return option;
  };
  kinds.waterfall = function (data, lang) {
    var option = base(), level = 0, hidden = [], shown = [];
    data.steps.forEach(function (step) {
      var value = step.value, from = level, to = level;
      if (step.kind === "start") { from = 0; to = value; }
      else if (step.kind === "end") { from = 0; to = value; }
      else { to = level + value; }
      level = to;
      var colour = token({ start: "accent", end: value < 0 ? "bad" : "bar-0", order: "part-ordered", part: "part-invoiced" }[step.kind]);
      hidden.push([from, to]);
      shown.push({ value: [shown.length, from, to], text: step.text, title: step.name, itemStyle: { color: colour } });
    });
    option.xAxis = axis({ type: "category", data: data.steps.map(function (step) { return step.name; }), axisLabel: { color: token("ink-2"), interval: 0, width: narrow() ? 52 : 96, overflow: "break" } });
    option.yAxis = axis({ type: "value", axisLabel: { formatter: compact(lang), color: token("ink-2") } });
    option.tooltip.formatter = say;
    option.series = [{
      type: "custom", data: shown, encode: { x: 0, y: [1, 2] },
      renderItem: function (params, api) {
        var top = api.coord([api.value(0), Math.max(api.value(1), api.value(2))]);
        var foot = api.coord([api.value(0), Math.min(api.value(1), api.value(2))]);
        var wide = Math.min(56, api.size([1, 0])[0] * 0.6), high = Math.max(2, foot[1] - top[1]);
        var item = shown[params.dataIndex];
        return {
          type: "group",
          children: [
            { type: "rect", shape: { x: top[0] - wide / 2, y: top[1], width: wide, height: high, r: 2 }, style: { fill: item.itemStyle.color } },
            { type: "text", style: { text: narrow() ? "" : item.text, x: top[0], y: top[1] - 4, align: "center", verticalAlign: "bottom", fill: token("ink"), font: "12px " + getComputedStyle(document.body).fontFamily } }
          ]
        };
      }
    }];
    return option;
  };
  kinds.line = function (data, lang) {
    var option = base();
    option.grid.right = data.fit ? 44 : 32;
    option.tooltip.trigger = "axis";
    option.tooltip.formatter = function (all) { return say(all[0]); };
    option.xAxis = axis({ type: "category", boundaryGap: false, data: data.points.map(function (one) { return one.name; }) });
    /* What has no meaning at zero, such as a rate, is drawn between its least and its most. */
    option.yAxis = axis({ type: "value", min: data.fit ? undefined : 0, scale: Boolean(data.fit), axisLabel: { formatter: data.fit ? undefined : compact(lang), color: token("ink-2") } });
    option.series = [{
      type: "line", symbolSize: 6, lineStyle: { width: 2, color: token("normal") }, itemStyle: { color: token("normal") },
      areaStyle: { color: token("normal-soft"), opacity: 0.6 },
      data: data.points.map(function (one) { return { value: one.value, text: one.text, title: one.title, more: one.more }; })
    }];
    return option;
  };
  /* Each invoice a dot: paid early below the line, late above it. */
  kinds.dots = function (data) {
    var option = base();
    option.tooltip.formatter = say;
    option.xAxis = axis({ type: "time", splitLine: { show: false }, axisLabel: { color: token("ink-2"), hideOverlap: true, formatter: "{yyyy}-{MM}" } });
    option.yAxis = axis({ type: "value", name: data.axis, nameTextStyle: { align: "left" }, splitNumber: 4 });
    option.grid.top = 32;
    option.series = [{
      type: "scatter", symbolSize: narrow() ? 8 : 9,
      data: data.dots.map(function (dot) {
        var colour = dot.late <= 0 ? token("bar-0") : dot.open ? token("bad") : token("bar-2");
        return { value: [dot.on, dot.late], text: dot.text, title: dot.name, more: dot.more, url: dot.url, symbol: dot.open ? "emptyCircle" : "circle", itemStyle: { color: colour } };
      }),
      markLine: { silent: true, symbol: "none", label: { show: false }, lineStyle: { color: token("ink-2"), type: "solid", width: 1 }, data: [{ yAxis: 0 }] }
    }];
    return option;
  };

  function draw(node) {
    var data = read(node.dataset.source);
    if (!data || !window.echarts || !kinds[node.dataset.chart]) return;
    var chart = window.echarts.getInstanceByDom(node) || window.echarts.init(node, null, { renderer: "canvas" });
    chart.setOption(kinds[node.dataset.chart](data, document.documentElement.lang), true);
    chart.off("click");
    chart.on("click", function (event) { if (event.data && event.data.url) window.location = event.data.url; });
    if (drawn.indexOf(chart) < 0) drawn.push(chart);
  }
  function read(key) {
    var source = document.getElementById(key);
    return source ? JSON.parse(source.textContent) : null;
  }

  /* Taking it home: the picture under its title, or the figures as a sheet; what is simulated says so there too. */
  function notice() { var node = document.querySelector(".notice"); return node ? node.textContent.trim() : ""; }
  function keep(address, name) {
    var link = document.createElement("a");
    link.href = address;
    link.download = name;
    link.click();
  }
  function nameOf(data, ending) { return data.title.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") + ending; }
  function savePicture(key) {
    var data = read(key);
    var chart = window.echarts.getInstanceByDom(document.querySelector('[data-source="' + key + '"]'));
    var image = new Image();
    image.onload = function () {
      var sheet = document.createElement("canvas"), head = 88, foot = notice() ? 56 : 16, pen = sheet.getContext("2d");
      sheet.width = image.width + 32;
      sheet.height = image.height + head + foot;
      pen.fillStyle = token("card");
      pen.fillRect(0, 0, sheet.width, sheet.height);
      var family = getComputedStyle(document.body).fontFamily;
      pen.fillStyle = token("ink");
      pen.font = "600 30px " + family;
      pen.fillText(data.title, 24, 46);
      pen.fillStyle = token("ink-2");
      pen.font = "22px " + family;
      pen.fillText([data.unit, data.note].filter(Boolean).join(" · "), 24, 78);
      pen.drawImage(image, 16, head);
      if (notice()) pen.fillText(notice(), 24, sheet.height - 20, sheet.width - 48);
      keep(sheet.toDataURL("image/png"), nameOf(data, ".png"));
    };
    image.src = chart.getDataURL({ pixelRatio: 2, backgroundColor: token("card") });
  }
  function saveSheet(key) {
    var data = read(key);
    var lines = data.sheet.concat(notice() ? [[notice()]] : []).map(function (row) {
      return row.map(function (cell) {
        var text = String(cell);
        if (/^[=+@\t\r]|^-(?![\d.]+$)/.test(text)) text = "'" + text;
        return '"' + text.replace(/"/g, '""') + '"';
      }).join(",");
    });
    var file = new Blob(["\ufeff" + lines.join("\r\n") + "\r\n"], { type: "text/csv" });
    var address = URL.createObjectURL(file);
    keep(address, nameOf(data, ".csv"));
    setTimeout(function () { URL.revokeObjectURL(address); }, 10000);
  }
  document.addEventListener("click", function (event) {
    var picture = event.target.closest("[data-chart-picture]"), sheet = event.target.closest("[data-chart-sheet]");
    if (picture) savePicture(picture.dataset.chartPicture);
    if (sheet) saveSheet(sheet.dataset.chartSheet);
  });

  function drawAll() { document.querySelectorAll("[data-chart]").forEach(draw); }
  document.addEventListener("DOMContentLoaded", drawAll);
  document.addEventListener("htmx:afterSettle", drawAll);
  window.addEventListener("themechange", drawAll);
  var waiting = null;
  window.addEventListener("resize", function () {
    clearTimeout(waiting);
    waiting = setTimeout(function () { drawn.forEach(function (chart) { chart.resize(); }); drawAll(); }, 120);
  });
})();
