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
      toolbox: narrow() ? undefined : {
        right: 0, top: -4, itemSize: 13, iconStyle: { borderColor: token("ink-2"), opacity: 0.7 },
        feature: { saveAsImage: { name: "xinheng", title: document.documentElement.dataset.save, pixelRatio: 2, backgroundColor: token("card") } }
      },
      grid: { left: 8, right: 16, top: 16, bottom: 4, containLabel: true },
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
    option.grid.top = 24;
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
    option.grid.right = 32;
    option.tooltip.trigger = "axis";
    option.tooltip.formatter = function (all) { return say(all[0]); };
    option.xAxis = axis({ type: "category", boundaryGap: false, data: data.points.map(function (one) { return one.name; }) });
    option.yAxis = axis({ type: "value", min: 0, axisLabel: { formatter: compact(lang), color: token("ink-2") } });
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
    option.xAxis = axis({ type: "time", splitLine: { show: false } });
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
    var source = document.getElementById(node.dataset.source);
    if (!source || !window.echarts || !kinds[node.dataset.chart]) return;
    var data = JSON.parse(source.textContent);
    var chart = window.echarts.getInstanceByDom(node) || window.echarts.init(node, null, { renderer: "canvas" });
    chart.setOption(kinds[node.dataset.chart](data, document.documentElement.lang), true);
    chart.off("click");
    chart.on("click", function (event) { if (event.data && event.data.url) window.location = event.data.url; });
    if (drawn.indexOf(chart) < 0) drawn.push(chart);
  }
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
