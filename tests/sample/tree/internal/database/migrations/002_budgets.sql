CREATE TABLE budgets (
    team        TEXT PRIMARY KEY,
    spend_limit NUMERIC NOT NULL,
    spent       NUMERIC NOT NULL DEFAULT 0
);
