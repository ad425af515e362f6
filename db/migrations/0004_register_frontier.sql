CREATE TABLE `register_frontier` (
	`id` integer PRIMARY KEY NOT NULL,
	`size` integer NOT NULL,
	`nodes` blob NOT NULL
);
