from dualform_airflow.dags import icl_plan

icl_plan()
