-- Lines that nobody took apart are filed anew under the streets that they name: after this statement
-- geoaddr/stores/postgres_folding.py does so with those that are read otherwise than when they were filed.

SELECT;
