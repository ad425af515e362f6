CREATE TABLE `split_keys` (
	`release` integer NOT NULL,
	`step` integer NOT NULL,
	`version` text NOT NULL,
	`key` text NOT NULL,
	`lots` integer NOT NULL,
	PRIMARY KEY(`release`, `step`, `version`, `key`)
);
