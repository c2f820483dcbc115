'use client'

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { ThemeProvider } from 'next-themes'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import { type ReactNode, useEffect, useState } from 'react'
import { type Person, PersonProvider } from '#components/access/person.tsx'
import { UsualConfiguration } from '#components/ai/use-preferred-configuration.tsx'
import { ChangesProvider } from '#components/changes/changes-provider.tsx'
import { Proof } from '#components/sign-in/proof.tsx'
import { ToastRegion } from '#components/ui/overlays/toast-region.tsx'
import { fetchParts } from '#components/ui/part.ts'
import { ActionsProvider } from './actions.tsx'

/** The providers of every page: theme, state in the URL, whoever looks, the cache of queries. */
export function AppProviders({
  nonce,
  person,
  children,
}: {
  nonce: string | undefined
  person: Person | undefined
  children: ReactNode
}) {
  const [queries] = useState(
    // Requests do not wait for the browser's idea of being online: a failed one tells.
    () =>
      new QueryClient({
        defaultOptions: {
          queries: { staleTime: 5_000, retry: 1, networkMode: 'always' },
          mutations: { networkMode: 'always' },
        },
      }),
  )
  useEffect(fetchParts, [])
  return (
    <ThemeProvider
      attribute="data-theme"
      defaultTheme="system"
      enableSystem
      storageKey="incipit-theme"
      {...(nonce === undefined ? {} : { nonce })}
    >
      <NuqsAdapter>
        <PersonProvider person={person}>
          <QueryClientProvider client={queries}>
            {children}
            <ToastRegion />
          </QueryClientProvider>
        </PersonProvider>
      </NuqsAdapter>
    </ThemeProvider>
  )
}

/** What the pages of the workbench have besides: changes by others, actions and their keys, ways to sign in again. */
export function WorkbenchProviders({
  usualConfiguration,
  children,
}: {
  /** `ai.default_configuration` of the server. */
  usualConfiguration: string | undefined
  children: ReactNode
}) {
  return (
    <ChangesProvider>
      <UsualConfiguration name={usualConfiguration}>
        <ActionsProvider>
          {children}
          <Proof />
        </ActionsProvider>
      </UsualConfiguration>
    </ChangesProvider>
  )
}

/**
 * The page's nonce for styles, where React Aria and CodeMirror read it. The policy of the first answer holds
 * as long as the page does, so a later answer's nonce must not take its place.
 */
export function StyleNonce({ nonce }: { nonce: string }) {
  const [first] = useState(nonce)
  return <meta property="csp-nonce" content={first} suppressHydrationWarning />
}
