/** The browser that the reference pictures were made with: another one draws letters a little otherwise. */
export const PINNED_BROWSER = 'chromium 150.0.7871'
