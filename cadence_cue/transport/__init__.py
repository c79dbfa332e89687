"""Control of a performance that plays: what the runner's keys do, for both faces alike."""
