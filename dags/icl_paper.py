from dualform_airflow.dags import icl_paper

icl_paper()
