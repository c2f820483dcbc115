-- Works beside versions from 0.2.0 on.

-- In a transaction of its own: what is summed up meanwhile waits. The figures of the prompts that are shown are read
-- by these, without those of all others.
CREATE INDEX usage_prompt_way_day_by_prompt ON usage_prompt_way_day (workspace_id, prompt_id, hour);
CREATE INDEX usage_prompt_month_by_prompt ON usage_prompt_month (workspace_id, prompt_id, hour);
CREATE INDEX usage_prompt_way_month_by_prompt ON usage_prompt_way_month (workspace_id, prompt_id, hour);
