using System.Buffers;
using BenchmarkDotNet.Attributes;
using Calendaring.ICalendar;
using Calendaring.Store;

namespace Benchmarks.Micro;

/// <summary>What each PUT does to the bytes it got.</summary>
[MemoryDiagnoser]
public class CodecBenchmarks
{
    private readonly ArrayBufferWriter<byte> _output = new(4096);
    private readonly byte[] _bytes = Samples.Event;
    private readonly CalendarObject _parsed = CalendarObject.Parse(Samples.Event);

    [Benchmark]
    public CalendarObject Parse_620_bytes() => CalendarObject.Parse(_bytes);

    [Benchmark]
    public ObjectIndex Index_an_event() => ObjectIndexer.Index(_parsed);

    [Benchmark]
    public int Write_620_bytes()
    {
        _output.ResetWrittenCount();
        _parsed.WriteTo(_output);
        return _output.WrittenCount;
    }
}
