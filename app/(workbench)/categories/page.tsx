import type { Metadata } from 'next'
import { CategoryBoard } from '#components/categories/category-board.tsx'
import { PageTitle } from '#components/shell/page-title.tsx'
import { listCategories } from '#lib/categories/operations/list-categories.ts'
import { isLong } from '../long-page.ts'
import { readForPage } from '../read.ts'

export const metadata: Metadata = { title: 'Categories' }

export default async function CategoriesPage() {
  const { categories } = await readForPage((actor) => listCategories(actor))
  return (
    <>
      <PageTitle>Categories</PageTitle>
      <CategoryBoard first={isLong(categories) ? undefined : categories} readAt={Date.now()} />
    </>
  )
}
