"use strict";
(function () {
  var table = document.getElementById("slides"), body = table.tBodies[0];
  var rows = Array.prototype.slice.call(body.rows), first = rows.slice();
  var find = document.getElementById("find"), shown = document.getElementById("shown");
  var chips = Array.prototype.slice.call(document.querySelectorAll("button[data-state]"));
  var texts = rows.map(function (row) { return row.textContent.toLowerCase(); });
  function filter() {
    var words = find.value.toLowerCase().split(/\s+/).filter(Boolean), count = 0;
    var states = chips.filter(function (chip) { return chip.getAttribute("aria-pressed") === "true"; })
      .map(function (chip) { return chip.dataset.state; });
    first.forEach(function (row, i) {
      var there = words.every(function (word) { return texts[i].indexOf(word) >= 0; }) &&
        (!states.length || states.indexOf(row.dataset.stateCode) >= 0);
      row.hidden = !there;
      if (there) count += 1;
    });
    shown.textContent = count + " of " + first.length + " shown";
  }
  function value(row, key) {
    var text = row.getAttribute("data-" + key), number = parseFloat(text);
    return key === "id" || key === "case" || key === "specimen" ? text
      : isNaN(number) ? null : number;
  }
  function sort(head) {
    var up = head.getAttribute("aria-sort") !== "ascending", key = head.dataset.sort;
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (cell) { cell.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    rows.sort(function (a, b) {
      var x = value(a, key), y = value(b, key);
      if (x === null || y === null) return (x === null) - (y === null);
      var order = typeof x === "string" ? x.localeCompare(y, "en", { numeric: true }) : x - y;
      return up ? order : -order;
    });
    rows.forEach(function (row) { body.appendChild(row); });
  }
  Array.prototype.forEach.call(table.tHead.querySelectorAll("th[data-sort]"), function (head) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.textContent = "";
    head.appendChild(button);
    button.addEventListener("click", function () { sort(head); });
  });
  chips.forEach(function (chip) {
    chip.addEventListener("click", function () {
      chip.setAttribute("aria-pressed", chip.getAttribute("aria-pressed") === "true" ? "false" : "true");
      filter();
    });
  });
  find.addEventListener("input", filter);
  document.querySelector(".tools").hidden = false;
  filter();
}());
