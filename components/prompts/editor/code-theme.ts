import { EditorView } from '@codemirror/view'

/**
 * The editor in our tokens, which carry both themes. Sizes are those of SourceText, which stands in the same
 * place until the editor is there.
 */
export const CODE_THEME = EditorView.theme({
  '&': { backgroundColor: 'transparent', color: 'var(--ink)', fontSize: '0.8125rem', maxHeight: 'inherit' },
  '&.cm-focused': { outline: 'none' },
  // The box around it scrolls.
  '.cm-scroller': { fontFamily: 'inherit', lineHeight: '1.7', overflow: 'visible' },
  '.cm-content': { padding: '0', caretColor: 'var(--ink)', minHeight: 'inherit' },
  '.cm-line': { padding: '0' },
  '.cm-gutters': { display: 'none' },
  '@media (width >= 40rem)': {
    '.cm-gutters': {
      display: 'flex',
      backgroundColor: 'transparent',
      border: 'none',
      color: 'var(--ink-faint)',
      fontSize: '0.6875rem',
      marginLeft: '-0.75rem',
    },
    '.cm-lineNumbers .cm-gutterElement': {
      minWidth: '1.75rem',
      padding: '0 1rem 0 0',
      boxSizing: 'content-box',
    },
  },
  '.cm-cursor': { borderLeftColor: 'var(--ink)', borderLeftWidth: '2px' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--selection)',
  },
  '.cm-selectionMatch': { backgroundColor: 'var(--lapis-wash)' },
  '.cm-searchMatch': { backgroundColor: 'var(--lapis-wash)', outline: '1px solid var(--lapis)' },
  '.cm-searchMatch-selected': { backgroundColor: 'var(--rubric-wash)', outlineColor: 'var(--rubric)' },
  '.cm-lintRange': { backgroundImage: 'none', paddingBottom: '0' },
  '.cm-lintRange-error': {
    textDecoration: 'underline wavy var(--rubric) 1px',
    textUnderlineOffset: '3px',
    backgroundColor: 'var(--rubric-wash)',
  },
  '.cm-lintRange-warning': {
    textDecoration: 'underline dotted var(--lapis) 2px',
    textUnderlineOffset: '3px',
  },
  '.cm-lintPoint::after': { borderBottomColor: 'var(--rubric)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--surface)',
    color: 'var(--ink)',
    border: '1px solid var(--line)',
    borderRadius: '0.5rem',
    boxShadow: 'var(--float)',
    overflow: 'hidden',
    zIndex: '40',
  },
  '.cm-diagnostic': { padding: '0.375rem 0.625rem', borderLeft: 'none', maxWidth: '26rem' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'inherit',
    maxHeight: '16rem',
    padding: '0.25rem',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    display: 'flex',
    alignItems: 'baseline',
    gap: '0.75rem',
    padding: '0.25rem 0.5rem',
    minHeight: '1.5rem',
    borderRadius: '0.25rem',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--fill)',
    color: 'var(--on-fill)',
  },
  '.cm-completionLabel': { flex: '1' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '600' },
  '.cm-completionDetail': { marginLeft: '0', fontStyle: 'normal', fontSize: '0.75rem', opacity: '0.85' },
  '.cm-panels': {
    backgroundColor: 'var(--sunken)',
    color: 'var(--ink)',
    borderColor: 'var(--line)',
    zIndex: '10',
  },
  '.cm-panels.cm-panels-top': { borderBottom: '1px solid var(--line)' },
  '.cm-panel.cm-search': {
    padding: '0.75rem',
    fontSize: '0.8125rem',
    fontFamily: 'var(--font-sans)',
    display: 'flex',
    flexDirection: 'column',
    gap: '0.5rem',
  },
  '.cm-find-row': { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: '0.375rem 0.5rem' },
  '.cm-find-row .cm-textfield': { flex: '1 1 10rem', minWidth: '0' },
  '.cm-find-row label': {
    display: 'inline-flex',
    alignItems: 'center',
    gap: '0.375rem',
    marginRight: '0.5rem',
  },
  '.cm-find-row input[type=checkbox]': { accentColor: 'var(--fill)', width: '1rem', height: '1rem' },
  '.cm-find-count': { color: 'var(--ink-faint)', minWidth: '4.5rem' },
  '.cm-textfield': {
    backgroundColor: 'var(--surface)',
    border: '1px solid var(--line-strong)',
    borderRadius: '0.375rem',
    padding: '0 0.5rem',
    height: '2rem',
    fontFamily: 'var(--font-mono)',
    fontSize: '0.8125rem',
  },
  '.cm-button': {
    backgroundImage: 'none',
    backgroundColor: 'var(--surface)',
    border: '1px solid var(--line-strong)',
    borderRadius: '0.375rem',
    padding: '0 0.625rem',
    height: '2rem',
    fontFamily: 'var(--font-sans)',
    fontSize: '0.8125rem',
    fontWeight: '500',
  },
  '.cm-button:hover': { backgroundColor: 'var(--hover)' },
})
