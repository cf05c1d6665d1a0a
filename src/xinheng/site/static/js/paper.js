/* A page of paper: the button that prints it. */
document.querySelector("[data-print]").addEventListener("click", function () { window.print(); });
