using System.Text.Json.Nodes;
using Sandbox.Google;

namespace Sandbox.Tests.Contract;

/// <summary>What the stand-in takes and gives exists in Google's own description; the answers of every other test are checked as they come.</summary>
public class GoogleContractTests
{
    public static TheoryData<string> Methods => [.. GoogleMethods.All.Select(x => x.Id)];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Each_method_has_the_path_verb_and_parameters_of_the_description(string id)
    {
        var method = GoogleMethods.All.Single(x => x.Id == id);
        Assert.Contains($"{method.Verb} /calendar/v3/{method.Path}", GoogleDescription.Calls);
        var parts = id.Split('.');
        var parameters = GoogleDescription.Types[$"Params$Resource${Upper(parts[1])}${Upper(parts[2])}"];
        Assert.Subset(parameters.Keys.ToHashSet(), method.Parameters.ToHashSet());
    }

    [Theory]
    [InlineData("Event")]
    [InlineData("Calendar")]
    [InlineData("CalendarListEntry")]
    [InlineData("Channel")]
    public void Each_property_of_a_body_exists_with_its_type(string schema)
    {
        var shape = new[] { Shapes.Event, Shapes.Calendar, Shapes.CalendarListEntry, Shapes.Channel }.Single(x => x.Schema == schema);
        Compare(shape, GoogleDescription.Types["Schema$" + schema], schema);
    }

    [Fact]
    public void The_check_refuses_what_the_description_does_not_have()
    {
        Assert.ThrowsAny<Exception>(() => GoogleDescription.Check(new JsonObject { ["sumary"] = "x" }, "Schema$Event", ""));
        Assert.ThrowsAny<Exception>(() => GoogleDescription.Check(new JsonObject { ["summary"] = 5 }, "Schema$Event", ""));
        Assert.ThrowsAny<Exception>(() => GoogleDescription.Check(new JsonObject { ["start"] = new JsonObject { ["day"] = "x" } }, "Schema$Event", ""));
    }

    [Fact]
    public async Task Googles_own_SDK_drives_the_stand_in()
    {
        await using var scene = await Scene.StartAsync();
        await using var hook = await HookReceiver.StartAsync();
        var token = (string)(await scene.SignInAsync())["access_token"]!;
        var said = await Drivers.RunAsync("google.mjs", "@googleapis/calendar/build/v3.js", scene.Address + "/", token, hook.Address);
        Assert.Equal(
            """{"inserted":"confirmed","patched":"Renamed","instances":3,"moved":"2026-01-13T10:00:00+11:00","delta":["cancelled","confirmed"],"refused":[409,"duplicate"],"gone":410,"stopped":204,"deleted":204}""",
            said.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    private static void Compare(Shape shape, IReadOnlyDictionary<string, string> described, string path)
    {
        foreach (var (name, type) in shape.Properties)
        {
            Assert.True(described.ContainsKey(name), $"{path}.{name} is not in Google's description");
            var said = described[name].Replace(" | null", "", StringComparison.Ordinal).Trim();
            CompareType(type, said, $"{path}.{name}");
        }
    }

    private static void CompareType(object type, string said, string path)
    {
        switch (type)
        {
            case "integer":
                Assert.True(said is "number" or "string", $"{path} is {said}"); // 64 bits are a string in JSON
                break;
            case "any":
                break;
            case string simple:
                Assert.Equal((path, simple), (path, said));
                break;
            case object[] element:
                CompareType(element[0], said.EndsWith("[]", StringComparison.Ordinal) ? said[..^2] : said["Array<".Length..^1], path + "[]");
                break;
            case Shape inner when said.StartsWith("Schema$", StringComparison.Ordinal):
                Compare(inner, GoogleDescription.Types[said], path);
                break;
            case Shape inner:
                Compare(inner, TypeScriptTypes.Properties(said[1..^1]), path);
                break;
            default:
                Assert.Contains("[key: string]: string", said, StringComparison.Ordinal);
                break;
        }
    }

    private static string Upper(string name) => name == "calendarList" ? "Calendarlist" : char.ToUpperInvariant(name[0]) + name[1..];
}
