// Before the first paint, so that nobody who chose the dark theme sees a white flash.
try {
  const theme = localStorage.getItem("ci-service.theme");
  if (theme === "light" || theme === "dark") {
    document.documentElement.dataset.theme = theme;
  }
} catch {
  // Storage is off: the system's theme it is.
}
