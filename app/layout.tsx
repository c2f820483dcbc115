import { GeistMono } from 'geist/font/mono'
import { GeistSans } from 'geist/font/sans'
import { GeistSerifRegular } from 'geist/font/serif/regular'
import type { Metadata, Viewport } from 'next'
import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { markOf } from '#components/browser-state/own-storage.ts'
import { AppProviders, StyleNonce } from '#components/shell/app-providers.tsx'
import { readVisitor } from './(workbench)/read.ts'
import './globals.css'

export const metadata: Metadata = {
  title: { default: 'Incipit', template: '%s · Incipit' },
  description:
    'A registry and workbench for prompts: people write and try them here, agents use them over MCP and REST.',
  applicationName: 'Incipit',
}

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#faf9f6' },
    { media: '(prefers-color-scheme: dark)', color: '#12100e' },
  ],
}

/** Every page is rendered per request: its scripts carry the nonce that proxy.ts made for it. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const [sent, { person }] = await Promise.all([headers(), readVisitor()])
  const nonce = sent.get('x-nonce') ?? undefined
  const fonts = `${GeistSans.variable} ${GeistMono.variable} ${GeistSerifRegular.variable}`
  return (
    <html
      lang="en"
      className={fonts}
      data-person={markOf(person)}
      data-is-local={person?.isLocal ? '' : undefined}
      suppressHydrationWarning
    >
      <head>
        <StyleNonce nonce={sent.get('x-style-nonce') ?? ''} />
      </head>
      <body>
        <AppProviders nonce={nonce} person={person}>
          {children}
        </AppProviders>
      </body>
    </html>
  )
}
