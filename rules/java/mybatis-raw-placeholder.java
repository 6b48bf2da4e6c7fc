import org.apache.ibatis.annotations.*;

interface Users {
    // ruleid: oreva.java.sql-injection.mybatis-raw-placeholder
    @Select("SELECT * FROM users WHERE name = '${name}'")
    User byName(String name);

    // ruleid: oreva.java.sql-injection.mybatis-raw-placeholder
    @Delete("DELETE FROM users WHERE id = ${id}")
    void remove(String id);

    // ok: oreva.java.sql-injection.mybatis-raw-placeholder
    @Select("SELECT * FROM users WHERE name = #{name}")
    User safeByName(String name);

    // ok: oreva.java.sql-injection.mybatis-raw-placeholder
    @Delete("DELETE FROM users WHERE id = #{id}")
    void safeRemove(String id);
}
