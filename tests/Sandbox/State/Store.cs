using System.Globalization;
using System.Security.Cryptography;
using LiteDB;

namespace Sandbox.State;

/// <summary>Everything that the stand-ins remember. One caller at a time: what a call reads and writes is one step.</summary>
public sealed class Store : IDisposable
{
    private readonly LiteDatabase database;
    private readonly Lock gate = new();

    public Store(string? file)
    {
        database = new LiteDatabase(file is null ? ":memory:" : $"Filename={file};Connection=direct", new BsonMapper { EmptyStringToNull = false });
        Items.EnsureIndex(x => x.Calendar);
        Changes.EnsureIndex(x => x.Calendar);
        Calendars.EnsureIndex(x => x.Account);
    }

    public ILiteCollection<Account> Accounts => database.GetCollection<Account>("accounts");
    public ILiteCollection<CalendarRow> Calendars => database.GetCollection<CalendarRow>("calendars");
    public ILiteCollection<ItemRow> Items => database.GetCollection<ItemRow>("items");
    public ILiteCollection<ChangeRow> Changes => database.GetCollection<ChangeRow>("changes");
    public ILiteCollection<Grant> Grants => database.GetCollection<Grant>("grants");
    public ILiteCollection<UsedCode> UsedCodes => database.GetCollection<UsedCode>("codes");
    public ILiteCollection<HookRow> Hooks => database.GetCollection<HookRow>("hooks");
    public ILiteCollection<Fault> Faults => database.GetCollection<Fault>("faults");
    private ILiteCollection<Setting> Settings => database.GetCollection<Setting>("settings");

    public T Locked<T>(Func<T> step)
    {
        lock (gate) return step();
    }

    public void Locked(Action step)
    {
        lock (gate) step();
    }

    public string? this[string name]
    {
        get { lock (gate) return Settings.FindById(name)?.Value; }
        set { lock (gate) _ = value is null ? Settings.Delete(name) : Settings.Upsert(new Setting { Id = name, Value = value }); }
    }

    public long Sequence => long.Parse(this["sequence"] ?? "0", CultureInfo.InvariantCulture);

    public long NextSequence()
    {
        var next = Sequence + 1;
        this["sequence"] = next.ToString(CultureInfo.InvariantCulture);
        return next;
    }

    /// <summary>A secret that outlives a restart: tokens signed with it stay good.</summary>
    public byte[] Key(string name)
    {
        lock (gate)
        {
            var known = this["key." + name];
            if (known is not null) return Convert.FromBase64String(known);
            var key = RandomNumberGenerator.GetBytes(32);
            this["key." + name] = Convert.ToBase64String(key);
            return key;
        }
    }

    public void Dispose() => database.Dispose();
}
