CREATE TABLE `default_environment` (
	`id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL
);
