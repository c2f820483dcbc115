// Runs before the page is drawn: the theme is the one that was chosen in the workbench or here.
try {
  const theme = localStorage.getItem('incipit-theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Without storage the system decides.
}
// The contents are closed on a narrow page, where a script can open them.
document.documentElement.dataset.script = ''
